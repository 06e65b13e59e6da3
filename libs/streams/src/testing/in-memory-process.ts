import { nextOffset as offsetAfter, type Offset } from '../offset.js';
import type { StreamLogger } from '../stream-logger.js';
import type { StreamsError } from '../streams-error.js';
import type { ServiceDefinition, StoreSpecs } from '../task/service-definition.js';
import { StreamTask, type TaskStatus } from '../task/stream-task.js';
import type { FaultPlan, InMemoryLog } from './in-memory-log.js';

/** A process that runs one task of a service on an {@link InMemoryLog}. */
export interface InMemoryProcess {
  readonly status: TaskStatus;
  /** The error that would have ended the process. */
  readonly fatal: StreamsError | undefined;
  close(): Promise<void>;
  /** Stops feeding it, as when its process died. */
  kill(): void;
}

const SILENT: StreamLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * @param faults what happens to each of its calls to the log; default: nothing
 * @param batchRecords how many records a batch of the source has at most; default: all there are
 * @param onOffer called for each batch that is offered
 * @param lateBatches how many of the first batches begin a record too late, as when records were lost; default: 0
 */
export const inMemoryProcess = <S extends StoreSpecs, P>(
  log: InMemoryLog,
  definition: ServiceDefinition<S, P>,
  partition: number,
  options: { faults?: FaultPlan; batchRecords?: number; lateBatches?: number; onOffer?: () => void } = {},
): InMemoryProcess => {
  const source = { topic: definition.source, partition };
  const { batchRecords = Number.POSITIVE_INFINITY } = options;
  let { lateBatches = 0 } = options;
  let next: Offset | undefined;
  let seeks = 0;
  let isPumping = false;
  let offering: Promise<unknown> | undefined;
  let fatal: StreamsError | undefined;

  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    while (next !== undefined) {
      const fetchedOffset = next;
      const batch = log.read(source, nextIf(lateBatches-- > 0, fetchedOffset));
      if (batch.nextOffset === fetchedOffset) break;
      const records = batch.records.slice(0, batchRecords);
      const isWhole = records.length === batch.records.length;
      const last = records.at(-1);
      const nextOffset = isWhole || last === undefined ? batch.nextOffset : offsetAfter(last.offset);
      const seeksBefore = seeks;
      options.onOffer?.();
      offering = task.offer({ ...batch, records, nextOffset });
      const outcome = await offering;
      offering = undefined;
      // A new seek meanwhile wins.
      if (seeks !== seeksBefore) continue;
      // What was dropped is fetched again, for as long as nobody pauses.
      if (outcome === 'applied') next = nextOffset;
      else await new Promise((later) => setTimeout(later, 1));
    }
    isPumping = false;
  };

  const seen = log.asSeenBy(options.faults);
  const stopListening = log.onChange(() => void pump());
  const task = new StreamTask<S, P>({
    definition,
    partition,
    log: {
      ...seen,
      // The client has one fetcher: nothing else is read while a batch waits for its handler.
      async readChangelog(...args) {
        await offering;
        await seen.readChangelog(...args);
      },
    },
    logger: SILENT,
    source: {
      resumeAt(offset) {
        next = offset;
        seeks += 1;
        void pump();
      },
      pause() {
        next = undefined;
        seeks += 1;
      },
      ownershipConfirmed: () => Promise.resolve(),
    },
    onFatal(error) {
      fatal = error;
    },
  });

  return {
    get status() {
      return task.status;
    },
    get fatal() {
      return fatal;
    },
    async close() {
      stopListening();
      await task.close();
    },
    kill() {
      stopListening();
      next = undefined;
    },
  };
};

const nextIf = (isLate: boolean, offset: Offset): Offset => (isLate ? offsetAfter(offset) : offset);
