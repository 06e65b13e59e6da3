import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../target/target.js';
import { formatCount } from '../format-number.js';
import { showProgress, type ProgressForm } from '../progress.js';
import { checkCourses, type CheckedCourses } from '../rebuild-read-model/check-courses.js';
import { Differences } from './difference.js';
import { readProgress } from './published/read-published.js';
import type { OpenVerifyLog, VerifyLog } from './verify-log.js';
import { verifyInThreads } from './verify-in-threads.js';
import { verifyReport, type VerifyReport } from './verify-report.js';
import type { VerifyTables } from './verify-tables.js';
import { waitForCoverage } from './wait-for-coverage.js';

/** What is verified, and how. */
export interface VerifyRequest {
  readonly target: Target;
  readonly log: OpenVerifyLog;
  /** Undefined: only topics are compared. */
  readonly tables: VerifyTables | undefined;
  /** How many differences are kept. */
  readonly limit: number;
  /** How many partitions are verified at the same time, at most. */
  readonly threads: number;
  /** How long to wait for what is in `reviews` now to arrive everywhere. */
  readonly waitMs: number;
}

/** The total counts markers of transactions, too. */
const FACTS: ProgressForm = {
  bar: '{bar} {percentage} % | {value} facts | {eta_formatted} left',
  line: (done, total) => `${formatCount(done)} of about ${formatCount(total)} facts`,
};

/** How often a course is looked at that somebody is writing to. */
const CROSS_CHECK_ROUNDS = 5;
const CROSS_CHECK_PAUSE_MS = 200;

/** Behind the last command covered there may be so many markers of transactions, which nobody covers. */
const MAX_MARKERS = 1_000;

/** Verifies an installation, some of its partitions at a time. */
export const verifyInstallation = async (request: VerifyRequest): Promise<VerifyReport> => {
  const { target, log, tables, limit, threads } = request;
  await waitUntilCovered(request);
  const startedMs = performance.now();
  const ofTables = await tables?.publications();
  const factOffsets = (await log.ends('reviews-valid')).reduce((sum, end) => sum + end, 0);
  const progress = showProgress(factOffsets, FACTS);
  try {
    const requests = Array.from({ length: log.partitions }, (_, partition) => ({
      partition,
      tables: ofTables?.[partition],
    }));
    const found = await verifyInThreads({ target, requests, limit }, threads, (count) => {
      progress.advance(count);
    });
    const crossChecked = tables === undefined ? undefined : await crossCheckTables(tables);
    const seconds = (performance.now() - startedMs) / 1_000;
    return verifyReport(found, { limit, crossChecked, seconds });
  } finally {
    progress.stop();
  }
};

// The tables go on by themselves.
const crossCheckTables = (tables: VerifyTables): Promise<CheckedCourses> =>
  checkCourses(
    (courses) => tables.crossCheck(courses),
    () => sleep(CROSS_CHECK_PAUSE_MS),
    CROSS_CHECK_ROUNDS,
  );

const waitUntilCovered = async ({ log, tables, waitMs }: VerifyRequest): Promise<void> => {
  const ends = await log.ends('reviews');
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
