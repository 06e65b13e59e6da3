import kafkajs from 'kafkajs';
import { readToEnd } from '../support/topic-records.js';

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
  const admin = bareKafka(brokers).admin();
  await admin.connect();
  const partitions = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const records: CommittedRecord[][] = partitions.map(() => []);
  for (const { partition, message } of await readToEnd(brokers.join(','), topic))
    records[partition]?.push({
      offset: Number(message.offset),
      key: message.key,
      value: message.value,
      headers: Object.fromEntries(
        Object.entries(message.headers ?? {}).map(([name, text]) => [name, String(text)]),
      ),
    });
  return records;
};
