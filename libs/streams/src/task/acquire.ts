import { randomBytes } from 'node:crypto';
import { offsetOf, type Offset } from '../offset.js';
import { toOutputRecord, type PositionRecord } from '../state/changelog-record.js';
import { TransactionalStore, type StoreSpec } from '../state/key-value-store.js';
import type { StreamLogger } from '../stream-logger.js';
import { StreamsError } from '../streams-error.js';
import { AcquiredTask } from './acquired-task.js';
import { restoreInto } from './restore.js';
import type { ServiceDefinition, StoreSpecs } from './service-definition.js';
import type { TaskLog, TransactionalWriter } from './task-log.js';

/** What acquiring a task takes. */
export interface AcquireInit<S extends StoreSpecs, P> {
  readonly definition: ServiceDefinition<S, P>;
  readonly partition: number;
  readonly log: TaskLog;
  readonly logger: StreamLogger;
  /** Called between fencing and restoring. */
  onRestoring(): void;
}

/** FENCE and RESTORE: becomes the only owner of a task and learns from the changelog what the last one committed. */
export const acquire = async <S extends StoreSpecs, P>(
  init: AcquireInit<S, P>,
): Promise<AcquiredTask<S, P>> => {
  const { definition, partition, log } = init;
  const writer = await log.fence(taskIdOf(definition, partition));
  try {
    const nonce = randomBytes(16);
    const offset = await writeBarrier(writer, init, nonce);
    init.onRestoring();
    const stores = new Map(
      Object.values(definition.stores).map((spec) => [
        spec.name,
        // Which values a store holds is between the service and its codec.
        new TransactionalStore<unknown>(spec as StoreSpec<unknown>),
      ]),
    );
    const position = await readBack(init, stores, { nonce, offset });
    await checkAgainstLog(init, position);
    return await AcquiredTask.from({ definition, partition, writer, stores, position });
  } catch (error) {
    await writer.discard();
    throw error;
  }
};

/** Also the transactional id. */
export const taskIdOf = (definition: { readonly applicationId: string }, partition: number): string =>
  `${definition.applicationId}-${partition}`;

const writeBarrier = async <S extends StoreSpecs, P>(
  writer: TransactionalWriter,
  { definition, partition }: AcquireInit<S, P>,
  nonce: Buffer,
): Promise<Offset> => {
  await writer.begin();
  const barrier = toOutputRecord({ kind: 'barrier', nonce });
  const { firstOffset } = await writer.send({ topic: definition.changelog, partition }, [barrier]);
  await writer.commit();
  return firstOffset;
};

const readBack = async <S extends StoreSpecs, P>(
  { definition, partition, log, logger }: AcquireInit<S, P>,
  stores: ReadonlyMap<string, TransactionalStore<unknown>>,
  barrier: { nonce: Buffer; offset: Offset },
): Promise<PositionRecord | undefined> => {
  const startedMs = performance.now();
  const restore = restoreInto(stores, barrier);
  let records = 0;
  await log.readChangelog({ topic: definition.changelog, partition }, barrier.offset, (batch) => {
    records += batch.length;
    restore.add(batch);
  });
  const position = restore.finish();
  logger.info(
    {
      taskId: taskIdOf(definition, partition),
      records,
      restoreMs: Math.round(performance.now() - startedMs),
      sourceNext: position?.sourceNext,
    },
    'restored',
  );
  return position;
};

/** A position the source cannot serve, or outputs without a position, mean that data is gone. */
const checkAgainstLog = async <S extends StoreSpecs, P>(
  { definition, partition, log }: AcquireInit<S, P>,
  position: PositionRecord | undefined,
): Promise<void> => {
  const { source, changelog, outputs } = definition;
  const next = position?.sourceNext ?? offsetOf(0);
  const { low, high } = await log.offsetsOf({ topic: source, partition });
  if (next < low || next > high)
    throw new StreamsError(
      'SOURCE_TRUNCATED',
      `${source}/${partition} holds offsets ${low} to ${high}, but ${next} is next`,
    );
  if (position !== undefined) return;
  for (const topic of outputs) {
    const { high: end } = await log.offsetsOf({ topic, partition });
    if (end > 0)
      throw new StreamsError(
        'SOURCE_TRUNCATED',
        `${topic}/${partition} has records, but ${changelog}/${partition} holds no position: the changelog was lost`,
      );
  }
};
