import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';

/** A committed record as a client reads it that knows nothing of the library. */
export interface CommittedRecord {
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The client as it comes. */
export const bareKafka = (brokers: readonly string[]): kafkajs.Kafka =>
  new kafkajs.Kafka({ clientId: 'campaign', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });

/** Every committed record of a topic, by partition and in the order of offsets. */
export const committedRecords = async (
  brokers: readonly string[],
  topic: string,
): Promise<readonly (readonly CommittedRecord[])[]> => {
  const kafka = bareKafka(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const records: CommittedRecord[][] = offsets.map(() => []);
  const left = new Map(
    offsets.filter(({ high }) => Number(high) > 0).map(({ partition, high }) => [partition, Number(high)]),
  );
  const groupId = `campaign-reader-${randomBytes(6).toString('hex')}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  if (left.size > 0)
    await new Promise<void>((resolve, reject) => {
      // Batches of nothing but control records show here only.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        const end = left.get(payload.partition);
        if (end !== undefined && Number(payload.lastOffset) + 1 >= end) left.delete(payload.partition);
        if (left.size === 0) resolve();
      });
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            for (const { offset, key, value, headers } of batch.messages)
              records[batch.partition]?.push({
                offset: Number(offset),
                key,
                value,
                headers: Object.fromEntries(
                  Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]),
                ),
              });
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  await consumer.disconnect();
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
  return records;
};
