import { randomUUID } from 'node:crypto';
import type { OpenRecordReader } from '../record-reader.js';
import { kafkaOf, type KafkaConnection } from './connection.js';
import { startGroupConsumer } from './group-consumer.js';
import { RangeReader } from './range-reader.js';

/** Nobody waits for this group's partitions, so only its own survival counts. */
const GROUP_TIMEOUTS = {
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 60_000,
  heartbeatIntervalMs: 1_000,
};

/** Between two reads everything is paused, and the next one would begin only when the client looks again. */
const MAX_WAIT_MS = 5;

/** What is read, and under which name. */
export interface RecordReaderOptions {
  /** Beginning of the group's name, for whoever looks at the cluster meanwhile. */
  readonly name: string;
  readonly topics: readonly string[];
}

/** A range reader with a group of its own, until closed. */
export interface ThrowAwayReader extends OpenRecordReader, Pick<RangeReader, 'read'> {}

/**
 * The client cannot read a partition without a group, so there is one with a name of its own; it is deleted in the end.
 */
export const startThrowAwayReader = async (
  connection: KafkaConnection,
  { name, topics }: RecordReaderOptions,
): Promise<ThrowAwayReader> => {
  const groupId = `${name}-${randomUUID()}`;
  const reader = await startGroupConsumer(
    { connection, groupId, topics, concurrency: 1, timeouts: GROUP_TIMEOUTS, maxWaitMs: MAX_WAIT_MS },
    (group) => new RangeReader(group),
  );
  return {
    read: (source, range, onRecords) => reader.read(source, range, onRecords),
    records: (source, range) => reader.records(source, range),
    async close() {
      await reader.stop();
      const groups = kafkaOf(connection).admin();
      // A group that stays is empty, has no offsets, and is forgotten by the broker.
      await groups
        .connect()
        .then(() => groups.deleteGroups([groupId]))
        .catch(() => undefined);
      await groups.disconnect();
    },
  };
};

/** Opens topics for a program that only reads them. */
export const openRecordReader = (
  connection: KafkaConnection,
  options: RecordReaderOptions,
): Promise<OpenRecordReader> => startThrowAwayReader(connection, options);
