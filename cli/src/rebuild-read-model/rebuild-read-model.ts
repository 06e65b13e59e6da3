import {
  openTablesBeside,
  SINK_TOPICS,
  type OldTables,
  type SinkTopic,
  type TablesBeside,
} from '@reviews/read-model';
import { formatCount } from '../format-number.js';
import { showProgress, type ProgressForm } from '../progress.js';
import { addressOf, type Target } from '../target/target.js';
import { checkCourses } from './check-courses.js';
import { tableLoader, type TableLoader } from './load-tables.js';
import type { RebuildReport } from './rebuild-report.js';
import { openSinkLog, type SinkLog } from './sink-log.js';
import { switchWhenClose } from './switch-when-close.js';

/** What is rebuilt, and how. */
export interface RebuildRequest {
  readonly target: Target;
  /** What becomes of the tables in use; `in-use`: they are only compared with the new ones. */
  readonly old: OldTables | { readonly kind: 'in-use' };
  /** How many partitions of topics are loaded at the same time. */
  readonly parallel: number;
  /** Ends it early; the tables in use stay as they are. */
  readonly signal: AbortSignal;
  readonly steps: RebuildSteps;
}

/** Called at the beginning of each step, and waited for. */
export interface RebuildSteps {
  load(bytesInUse: number): Promise<void>;
  /** @param schema where the new tables are */
  check(schema: string): Promise<void>;
  switchOver(): Promise<void>;
}

/** Of one partition the topics of progress come first: they say where the others match. */
const PROGRESS_TOPICS: readonly SinkTopic[] = ['aggregator-progress', 'fraud-detector-progress'];
const DATA_TOPICS: readonly SinkTopic[] = SINK_TOPICS.filter((topic) => !PROGRESS_TOPICS.includes(topic));
const CHECK_ROUNDS = 5;

const OFFSETS: ProgressForm = {
  bar: '{bar} {percentage} % | {value} offsets | {eta_formatted} left',
  line: (done, total) => `${formatCount(done)} of about ${formatCount(total)} offsets`,
};

/**
 * Builds the tables anew from the topics, checks them, and puts them in the place of those in use, if they are right.
 *
 * @throws ReadModelError, StreamsError, the signal's reason; the tables in use are as they were then
 */
export const rebuildReadModel = async (request: RebuildRequest): Promise<RebuildReport> => {
  const { target, parallel } = request;
  const log = await openSinkLog(target);
  try {
    // One connection for each partition that is loaded at the same time.
    const tables = await openTablesBeside(
      { databaseUrl: addressOf(target, 'databaseUrl'), topicPrefix: target.topicPrefix },
      parallel,
    );
    try {
      return await rebuild(request, log, tables);
    } finally {
      await tables.close();
    }
  } finally {
    await log.close();
  }
};

const rebuild = async (
  { target, old, parallel, signal, steps }: RebuildRequest,
  log: SinkLog,
  tables: TablesBeside,
): Promise<RebuildReport> => {
  const { topicPrefix } = target;
  await steps.load(tables.bytesInUse);
  const startedMs = performance.now();
  const total = (await log.endsOf(SINK_TOPICS)).reduce((sum, { end }) => sum + end, 0);
  const progress = showProgress(total, OFFSETS);
  const onProgress = (offsets: number): void => {
    progress.advance(offsets);
  };
  const loader = tableLoader({ log, store: tables.sink, topicPrefix, parallel, onProgress });
  try {
    await loadToMatch(loader, log, tables, signal);
  } finally {
    progress.stop();
  }
  const offsets = loader.stored;
  const seconds = (performance.now() - startedMs) / 1_000;

  await steps.check(tables.schema);
  const checked = await checkCourses(
    (courses) => tables.crossCheck(courses),
    () => loadToMatch(loader, log, tables, signal),
    CHECK_ROUNDS,
  );
  signal.throwIfAborted();
  const built = { offsets, seconds, offsetsPerSecond: Math.round(offsets / seconds), checked };
  if (checked.disagreeing.length > 0)
    return {
      ...built,
      rows: await tables.rows(),
      outcome: 'refused',
      differences: null,
      lockedSeconds: 0,
      oldTables: null,
    };

  await loadToEnd(loader, log, signal);
  const [differences, rows] = [await tables.differencesInUse(), await tables.rows()];
  if (old.kind === 'in-use')
    return { ...built, rows, differences, outcome: 'compared', lockedSeconds: 0, oldTables: null };
  await steps.switchOver();
  const catchUp = (limit: AbortSignal): Promise<void> => loadToEnd(loader, log, limit);
  const { replaced, lockedMs } = await switchWhenClose(tables, old, catchUp, signal);
  const isGone = old.kind === 'dropped' && (await tables.drop(replaced)) === 'dropped';
  return {
    ...built,
    rows,
    outcome: 'switched',
    differences,
    lockedSeconds: lockedMs / 1_000,
    oldTables: isGone ? null : replaced,
  };
};

const loadToMatch = async (
  loader: TableLoader,
  log: SinkLog,
  tables: TablesBeside,
  signal: AbortSignal,
): Promise<void> => {
  await loader.loadTo(await log.endsOf(PROGRESS_TOPICS), signal);
  await loader.loadTo(await tables.matchingEnds(), signal);
};

// Whatever the progress that is here says to be stored is in the other topics, as their ends are looked up later.
const loadToEnd = async (loader: TableLoader, log: SinkLog, signal: AbortSignal): Promise<void> => {
  const ends = await log.endsOf(PROGRESS_TOPICS);
  await loader.loadTo([...(await log.endsOf(DATA_TOPICS)), ...ends], signal);
};
