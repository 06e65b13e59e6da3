import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs, { type KafkaMessage } from 'kafkajs';

/** A record as a client sees it that knows Kafka and the registry's URL, and nothing of the product. */
export interface DecodedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | null;
  /** Decoded by the registry's schema; null for a tombstone. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** The value's bytes in hexadecimal. */
  readonly bytes: string;
}

/** Every committed record of a topic, in the order of partitions and offsets. */
export const topicRecords = async (
  { kafkaBrokers, schemaRegistryUrl }: { kafkaBrokers: string; schemaRegistryUrl: string },
  topic: string,
): Promise<readonly DecodedRecord[]> => {
  const registry = new SchemaRegistry({ host: schemaRegistryUrl });
  const messages = await readToEnd(kafkaBrokers, topic);
  const records: DecodedRecord[] = [];
  for (const { partition, message } of messages)
    records.push({
      partition,
      offset: Number(message.offset),
      timestampMs: Number(message.timestamp),
      key: message.key === null ? null : String(message.key),
      value:
        message.value === null ? null : ((await registry.decode(message.value)) as Record<string, unknown>),
      bytes: message.value?.toString('hex') ?? '',
    });
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
};

/** Every committed record of a topic, undecoded, in the order of each partition. */
export const readToEnd = async (
  brokers: string,
  topic: string,
): Promise<{ partition: number; message: KafkaMessage }[]> => {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const left = new Map(
    offsets.filter(({ high }) => Number(high) > 0).map(({ partition, high }) => [partition, Number(high)]),
  );
  const groupId = `test-reader-${process.pid}-${String(Math.random()).slice(2)}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  const messages: { partition: number; message: KafkaMessage }[] = [];
  if (left.size > 0) {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // Batches of nothing but control records show here only.
      consumer.on('consumer.end_batch_process', ({ payload }) => {
        const end = left.get(payload.partition);
        if (end !== undefined && Number(payload.lastOffset) + 1 >= end) left.delete(payload.partition);
        if (left.size === 0) resolve();
      });
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            for (const message of batch.messages) messages.push({ partition: batch.partition, message });
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    await admin.deleteGroups([groupId]);
  }
  await admin.disconnect();
  return messages;
};
