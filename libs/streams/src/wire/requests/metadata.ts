import { topicPartitionKey } from '../../records.js';
import { APIS, type WireRequest } from '../api.js';
import type { BufferReader } from '../buffer-reader.js';
import type { BrokerAddress } from '../connection-options.js';

const { metadata } = APIS;

/** Who leads what. */
export interface Metadata {
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  /** Node id of the leader by {@link topicPartitionKey}; partitions without a leader are missing. */
  readonly leaders: ReadonlyMap<string, number>;
  /** Error code by topic, of topics that could not be described. */
  readonly errors: ReadonlyMap<string, number>;
}

/** Asks who leads the partitions of topics. */
export const metadataRequest = (topics: readonly string[]): WireRequest<Metadata> => ({
  api: metadata,
  write(writer) {
    const mayMakeTopics = 0;
    writer.array(topics, (topic) => writer.string(topic)).int8(mayMakeTopics);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    const brokers = reader.array(() => readBroker(reader));
    reader.nullableString(); // cluster id
    reader.int32(); // controller
    const leaders = new Map<string, number>();
    const errors = new Map<string, number>();
    reader.array(() => {
      readTopic(reader, leaders, errors);
    });
    return { brokers: new Map(brokers), leaders, errors };
  },
});

const readBroker = (reader: BufferReader): [number, BrokerAddress] => {
  const nodeId = reader.int32();
  const address = { host: reader.string(), port: reader.int32() };
  reader.nullableString(); // rack
  return [nodeId, address];
};

const readTopic = (reader: BufferReader, leaders: Map<string, number>, errors: Map<string, number>): void => {
  const error = reader.int16();
  const topic = reader.string();
  reader.boolean(); // internal to Kafka
  if (error !== 0) errors.set(topic, error);
  reader.array(() => {
    reader.int16(); // its error: without a leader, or with too few replicas, of which writing tells
    const partition = reader.int32();
    const leader = reader.int32();
    if (leader >= 0) leaders.set(topicPartitionKey({ topic, partition }), leader);
    reader.array(() => reader.int32()); // replicas
    reader.array(() => reader.int32()); // those in sync
  });
};
