import { setTimeout as sleep } from 'node:timers/promises';
import { Differences } from './difference.js';
import type { PartitionSummary } from './partition-inputs.js';
import { readProgress } from './published/read-published.js';
import { readInputs } from './read-inputs.js';
import type { VerifyLog } from './verify-log.js';
import { verifyPartition } from './verify-partition.js';
import { verifyProgress } from './verify-progress.js';
import { verifyReport, type VerifyReport } from './verify-report.js';
import type { VerifyTables } from './verify-tables.js';
import { waitForCoverage } from './wait-for-coverage.js';

/** What is verified, and how. */
export interface VerifyRequest {
  readonly log: VerifyLog;
  /** Undefined: only topics are compared. */
  readonly tables: VerifyTables | undefined;
  /** How many differences are kept. */
  readonly limit: number;
  /** How long to wait for what is in `reviews` now to arrive everywhere. */
  readonly waitMs: number;
}

/** Behind the last command covered there may be so many markers of transactions, which nobody covers. */
const MAX_MARKERS = 1_000;

/** Verifies partition after partition, so that memory is bound by the largest of them. */
export const verifyInstallation = async (request: VerifyRequest): Promise<VerifyReport> => {
  const { log, tables, limit } = request;
  const differences = new Differences(limit);
  await waitUntilCovered(request);
  const startedMs = performance.now();
  const ofTables = await tables?.publications();
  const progress = verifyProgress(await factOffsets(log));
  const summaries: PartitionSummary[] = [];
  try {
    for (let partition = 0; partition < log.partitions; partition++) {
      const inputs = await readInputs(log, partition, ofTables?.[partition], differences);
      const ports = {
        codecs: log.codecs,
        differences,
        onFacts: (count: number): void => {
          progress.advance(count);
        },
      };
      summaries.push(await verifyPartition(inputs, ports));
    }
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  return verifyReport(
    summaries,
    differences,
    tables === undefined ? 'without-tables' : 'with-tables',
    seconds,
  );
};

const factOffsets = async (log: VerifyLog): Promise<number> => {
  let sum = 0;
  for (let partition = 0; partition < log.partitions; partition++)
    sum += (await log.partition('reviews-valid', partition)).offsets.high;
  return sum;
};

const waitUntilCovered = async ({ log, tables, waitMs }: VerifyRequest): Promise<void> => {
  const ends: number[] = [];
  for (let partition = 0; partition < log.partitions; partition++)
    ends.push((await log.partition('reviews', partition)).offsets.high);
  const isCovered = async (): Promise<boolean> => {
    const covered = await (tables?.coveredCommands() ?? coveredInTopic(log));
    for (const [partition, end] of ends.entries())
      if (await hasCommands(log, partition, covered[partition] ?? 0, end)) return false;
    return true;
  };
  await waitForCoverage(isCovered, { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) }, waitMs);
};

const coveredInTopic = async (log: VerifyLog): Promise<readonly number[]> => {
  const covered: number[] = [];
  for (let partition = 0; partition < log.partitions; partition++) {
    const progress = await readProgress(
      await log.partition('aggregator-progress', partition),
      log.codecs.progress,
      { partition, partitions: log.partitions },
      // What is wrong with the topic is reported when it is compared.
      new Differences(0),
    );
    covered.push(progress?.reviewsEnd ?? 0);
  }
  return covered;
};

/** Whether there is a command from `from` to before `end`, and not only the markers of transactions. */
const hasCommands = async (
  log: VerifyLog,
  partition: number,
  from: number,
  end: number,
): Promise<boolean> => {
  if (from >= end) return false;
  if (end - from > MAX_MARKERS) return true;
  const reviews = await log.partition('reviews', partition);
  for await (const batch of reviews.records(from)) if (batch.some(({ offset }) => offset < end)) return true;
  return false;
};
