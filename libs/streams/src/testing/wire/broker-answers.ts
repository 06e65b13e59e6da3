import type { TopicPartition } from '../../records.js';
import { APIS } from '../../wire/api.js';
import type { BufferReader } from '../../wire/buffer-reader.js';
import type { BufferWriter } from '../../wire/buffer-writer.js';
import type { BrokerAddress } from '../../wire/connection-options.js';

/** What a test may want to know of a request. */
export interface AskedFields {
  readonly partitions: readonly TopicPartition[];
  /** Of a produce request; else 0. */
  readonly baseSequence: number;
  /** Records of a produce request; else 0. */
  readonly count: number;
}

/** What a broker says. */
export interface Answer {
  readonly error: number;
  readonly baseOffset: number;
  readonly leader: BrokerAddress;
  readonly coordinator: BrokerAddress;
  readonly versions: { readonly min: number; readonly max: number };
}

type Api = (typeof APIS)[keyof typeof APIS]['name'];

const NODE_ID = 7;
const PRODUCER_ID = 42;
const SEQUENCE_AT = 53;
const COUNT_AT = 57;

/** Reads of a request what {@link AskedFields} say. */
export const fieldsOf = (api: Api, reader: BufferReader): AskedFields => {
  const none: AskedFields = { partitions: [], baseSequence: 0, count: 0 };
  switch (api) {
    case 'Produce': {
      reader.string(); // transactional id
      reader.int16(); // acks
      reader.int32(); // timeout
      let batch: Buffer = Buffer.alloc(0);
      const partitions = partitionsOf(reader, () => {
        batch = reader.bytes();
      });
      const [baseSequence, count] = [batch.readInt32BE(SEQUENCE_AT), batch.readInt32BE(COUNT_AT)];
      return { partitions, baseSequence, count };
    }
    case 'Metadata': {
      const partitions = reader.array(() => ({ topic: reader.string(), partition: 0 }));
      return { ...none, partitions };
    }
    case 'AddPartitionsToTxn':
      reader.string(); // transactional id
      reader.int64(); // producer id
      reader.int16(); // producer epoch
      return { ...none, partitions: partitionsOf(reader, () => undefined) };
    case 'TxnOffsetCommit':
      reader.string(); // transactional id
      reader.string(); // group
      reader.int64(); // producer id
      reader.int16(); // producer epoch
      return {
        ...none,
        partitions: partitionsOf(reader, () => {
          reader.int64(); // offset
          reader.nullableString(); // what is noted with it
        }),
      };
    case 'ApiVersions':
    case 'FindCoordinator':
    case 'InitProducerId':
    case 'AddOffsetsToTxn':
    case 'EndTxn':
    case 'Fetch':
    case 'ListOffsets':
      return none;
  }
};

const partitionsOf = (reader: BufferReader, readRest: () => void): TopicPartition[] =>
  reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => {
        const partition = reader.int32();
        readRest();
        return { topic, partition };
      });
    })
    .flat();

/** Writes the body of an answer. */
export const writeAnswer = (
  writer: BufferWriter,
  { api, partitions }: AskedFields & { readonly api: Api },
  { error, baseOffset, leader, coordinator, versions }: Answer,
): void => {
  const perPartition = (write: () => void): void => {
    writer.array(partitions, ({ topic, partition }) => {
      writer.string(topic).array([partition], () => {
        writer.int32(partition).int16(error);
        write();
      });
    });
  };
  switch (api) {
    case 'ApiVersions':
      writer.int16(error).array(Object.values(APIS), ({ key }) => {
        writer.int16(key).int16(versions.min).int16(versions.max);
      });
      return;
    case 'Metadata':
      writer.int32(0).array([leader], ({ host, port }) => {
        writer.int32(NODE_ID).string(host).int32(port).nullableString(null);
      });
      writer.nullableString('cluster').int32(NODE_ID);
      writer.array(partitions, ({ topic }) => {
        writer.int16(error).string(topic).int8(0);
        writer.array(error === 0 ? [0, 1, 2, 3] : [], (partition) => {
          writer
            .int16(0)
            .int32(partition)
            .int32(NODE_ID)
            .array([], () => undefined)
            .array([], () => undefined);
        });
      });
      return;
    case 'FindCoordinator':
      writer.int32(0).int16(error).nullableString(null).int32(NODE_ID);
      writer.string(coordinator.host).int32(coordinator.port);
      return;
    case 'InitProducerId':
      writer.int32(0).int16(error).int64(PRODUCER_ID).int16(0);
      return;
    case 'AddPartitionsToTxn':
    case 'TxnOffsetCommit':
      writer.int32(0);
      perPartition(() => undefined);
      return;
    case 'AddOffsetsToTxn':
    case 'EndTxn':
      writer.int32(0).int16(error);
      return;
    case 'Produce':
      perPartition(() => {
        writer.int64(error === 0 ? baseOffset : -1).int64(1_000);
      });
      writer.int32(0);
      return;
    case 'Fetch':
    case 'ListOffsets':
      // A broker that is only written to: `FetchBroker` is read.
      return;
  }
};
