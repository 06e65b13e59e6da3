import { sleep, type Clock } from '../clock.js';
import { bytesOfAll } from '../records.js';
import { offsetOf, type Offset } from '../offset.js';
import { toOutputRecord, type PositionRecord } from '../state/changelog-record.js';
import type { StreamLogger } from '../stream-logger.js';
import { fateOf, StreamsError } from '../streams-error.js';
import type { ServiceDefinition } from './service-definition.js';
import { restoreInto, type Barrier } from './restore.js';
import type { TaskLog, TransactionalWriter } from './task-log.js';
import { TaskMemory } from './task-memory.js';
import type { TaskEvent } from './task-observer.js';

/** How often an end offset before the position is asked for again: a new leader may lag behind for a moment (KIP-207). */
const END_OFFSET_ATTEMPTS = 20;
const END_OFFSET_RETRY_MS = 500;

/** What acquiring a task takes. */
export interface AcquireInit {
  /** Nothing of what a definition's types say matters here. */
  readonly definition: Pick<
    ServiceDefinition,
    'applicationId' | 'source' | 'changelog' | 'outputs' | 'stores'
  >;
  readonly partition: number;
  readonly log: TaskLog;
  readonly clock: Clock;
  readonly logger: StreamLogger;
  /** Tells this owner's barrier from any other's. */
  readonly newNonce: () => Buffer;
  readonly observe: (event: TaskEvent) => void;
  /** Called between fencing and restoring. */
  onRestoring(): void;
  /** False once the task is being closed: then acquiring it is given up as soon as possible. */
  readonly isWanted: () => boolean;
}

/** A task that is owned and restored. */
export interface Acquisition {
  readonly writer: TransactionalWriter;
  readonly memory: TaskMemory;
  /** Whether the source holds nothing that was not handled. */
  readonly isCaughtUp: boolean;
}

/**
 * FENCE and RESTORE: becomes the only owner of a task and learns from the changelog what the last one committed.
 *
 * @param kept what this process remembers of the task, if anything: then only the changelog's tail has to be read
 */
export const acquire = async (init: AcquireInit, kept: TaskMemory | undefined): Promise<Acquisition> => {
  const { definition, partition, log } = init;
  const writer = await log.fence(taskIdOf(definition, partition));
  const nonce = init.newNonce();
  try {
    stopUnlessWanted(init);
    const offset = await writeBarrier(writer, init, nonce);
    init.observe({ kind: 'fenced' });
    stopUnlessWanted(init);
    init.onRestoring();
    const memory = await restored(init, kept, { nonce, offset });
    const isCaughtUp = await checkAgainstLog(init, memory.position);
    return { writer, memory, isCaughtUp };
  } catch (error) {
    const verdict = await proven(error, () => writeBarrier(writer, init, nonce));
    await writer.discard();
    throw verdict;
  }
};

/**
 * The error, or why it means nothing. A process that stood still while it restored may find traces of a newer owner that
 * look like lost data. Reading cannot tell; the coordinator can.
 */
const proven = async (error: unknown, actAsOwner: () => Promise<unknown>): Promise<unknown> => {
  if (error instanceof StreamsError && fateOf(error.code) === 'fence') return error;
  try {
    await actAsOwner();
    return error;
  } catch (newer) {
    return newer;
  }
};

/** Also the transactional id. */
export const taskIdOf = (definition: { readonly applicationId: string }, partition: number): string =>
  `${definition.applicationId}-${partition}`;

const writeBarrier = async (
  writer: TransactionalWriter,
  { definition, partition }: AcquireInit,
  nonce: Buffer,
): Promise<Offset> => {
  const changelog = { topic: definition.changelog, partition };
  await writer.begin([changelog]);
  const { firstOffset } = await writer.send(changelog, [toOutputRecord({ kind: 'barrier', nonce })]);
  await writer.commit();
  return firstOffset;
};

const restored = async (
  init: AcquireInit,
  kept: TaskMemory | undefined,
  barrier: Barrier,
): Promise<TaskMemory> => {
  if (kept !== undefined && kept.changelogNext <= barrier.offset) {
    try {
      await readBack(init, kept, barrier);
      return kept;
    } catch (error) {
      if (!(error instanceof StreamsError) || error.code !== 'STATE_CORRUPTED') throw error;
      init.logger.warn(
        { err: error, taskId: taskIdOf(init.definition, init.partition) },
        'the state in memory does not fit the changelog, reading all of it',
      );
    }
  }
  const memory = new TaskMemory(init.definition.stores);
  memory.unansweredTransaction = kept?.unansweredTransaction;
  await readBack(init, memory, barrier);
  if (kept?.position !== undefined && memory.position === undefined)
    throw changelogLost(init, 'this task has written one before');
  return memory;
};

const readBack = async (init: AcquireInit, memory: TaskMemory, barrier: Barrier): Promise<void> => {
  const { definition, partition, log, clock, logger } = init;
  const startedMs = clock.nowMs();
  const from = memory.changelogNext;
  const extent = from === 0 ? 'whole' : 'tail';
  const restore = restoreInto(memory, barrier);
  let records = 0;
  let bytes = 0;
  await log.readChangelog(
    { topic: definition.changelog, partition },
    { from, until: barrier.offset },
    (batch) => {
      records += batch.length;
      bytes += bytesOfAll(batch);
      restore.add(batch);
    },
  );
  restore.finish();
  const durationMs = clock.nowMs() - startedMs;
  init.observe({ kind: 'restored', extent, records, bytes, durationMs });
  logger.info(
    {
      taskId: taskIdOf(definition, partition),
      extent,
      records,
      restoreMs: Math.round(durationMs),
      sourceNext: memory.position?.sourceNext,
    },
    'restored',
  );
  resolveOutcome(init, memory);
};

/** The log now says what became of a commit that was not answered. */
const resolveOutcome = (
  { definition, partition, logger, observe }: AcquireInit,
  memory: TaskMemory,
): void => {
  const { unansweredTransaction, position } = memory;
  if (unansweredTransaction === undefined) return;
  memory.unansweredTransaction = undefined;
  const outcome = (position?.transaction ?? 0) >= unansweredTransaction ? 'committed' : 'aborted';
  observe({ kind: 'outcome-resolved', outcome });
  logger.info(
    { taskId: taskIdOf(definition, partition), transaction: unansweredTransaction, outcome },
    'unanswered commit resolved',
  );
};

/** A position the source cannot serve, or outputs without a position, mean that data is gone. Tells whether the source is all handled. */
const checkAgainstLog = async (init: AcquireInit, position: PositionRecord | undefined): Promise<boolean> => {
  const { definition, partition, log } = init;
  const isCaughtUp = await checkSource(init, position?.sourceNext ?? offsetOf(0));
  if (position !== undefined) return isCaughtUp;
  for (const topic of definition.outputs) {
    const { high: end } = await log.offsetsOf({ topic, partition });
    if (end > 0) throw changelogLost(init, `${topic}/${partition} has records`);
  }
  return isCaughtUp;
};

const checkSource = async (init: AcquireInit, next: Offset): Promise<boolean> => {
  const { definition, partition, log, clock } = init;
  const source = { topic: definition.source, partition };
  for (let attempt = 1; ; attempt++) {
    const { low, high } = await log.offsetsOf(source);
    if (low <= next && next <= high) return next === high;
    if (low > next || attempt === END_OFFSET_ATTEMPTS)
      throw new StreamsError(
        'SOURCE_TRUNCATED',
        `${source.topic}/${partition} holds offsets ${low} to ${high}, but ${next} is next`,
      );
    await sleep(clock, END_OFFSET_RETRY_MS);
    stopUnlessWanted(init);
  }
};

const stopUnlessWanted = ({ definition, partition, isWanted }: AcquireInit): void => {
  if (!isWanted())
    throw new StreamsError(
      'TRANSIENT',
      `${taskIdOf(definition, partition)} was closed while it was acquired`,
    );
};

const changelogLost = ({ definition, partition }: AcquireInit, because: string): StreamsError =>
  new StreamsError(
    'SOURCE_TRUNCATED',
    `${definition.changelog}/${partition} holds no position, but ${because}: the changelog was lost`,
  );
