import { offsetOf } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import type { StoreSpec } from '../state/key-value-store.js';
import { TaskStores } from '../state/task-stores.js';
import type {
  ServiceDefinition,
  StoreSpecs,
  StoresOf,
  TransactionContext,
} from '../task/service-definition.js';
import { TransactionBuffer } from '../task/transaction-buffer.js';

/** Runs a service's logic without any log: records in, records out, one transaction per call. */
export interface TaskTestDriver<S extends StoreSpecs, P> {
  /** Handles values, or values with headers, as consecutive records of the source, in one transaction. Returns what it wrote, by topic. */
  pipe(
    ...values: readonly (Buffer | null | Pick<StreamRecord, 'value' | 'headers'>)[]
  ): ReadonlyMap<string, readonly OutputRecord[]>;
  tick(brokerTimeMs: number): ReadonlyMap<string, readonly OutputRecord[]>;
  /** Works until nothing is left; returns what it wrote. */
  work(): ReadonlyMap<string, readonly OutputRecord[]>;
  /** Makes the logic anew from its stores and partition state, as after a crash. */
  restart(): void;
  readonly stores: StoresOf<S>;
  readonly partitionState: P | undefined;
  /** Append time of the records piped next, in milliseconds. */
  nowMs: number;
  /** Offset of the record piped next. */
  nextOffset: number;
}

export const taskTestDriver = <S extends StoreSpecs, P>(
  definition: ServiceDefinition<S, P>,
  partition = 0,
): TaskTestDriver<S, P> => {
  const { source, outputs, deadLetters, stores: specs } = definition;
  const taskStores = new TaskStores(Object.values(specs).map((spec) => spec as StoreSpec<unknown>));
  // Each store holds what its own spec says; the record forgets that.
  const stores = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, taskStores.store(spec.name)]),
  ) as unknown as StoresOf<S>;
  let partitionState: P | undefined;
  let logic = definition.logicOf({ partition, stores, partitionState });

  const transact = (
    appendTimeMs: number,
    handle: (context: TransactionContext<S, P>) => void,
  ): TransactionBuffer<S, P>['outputs'] => {
    const buffer = new TransactionBuffer<S, P>({
      source: { topic: source, partition },
      outputs,
      deadLetters,
      specs,
      stores: taskStores,
      partitionState,
      appendTimeMs,
    });
    handle(buffer);
    logic.finish?.(buffer);
    taskStores.changes();
    taskStores.mergeOverlay();
    partitionState = buffer.partitionState();
    return buffer.outputs;
  };

  const driver: TaskTestDriver<S, P> = {
    nowMs: 0,
    nextOffset: 0,
    stores,
    get partitionState() {
      return partitionState;
    },
    pipe(...values) {
      const records = values.map((value): StreamRecord => {
        const offset = offsetOf(driver.nextOffset);
        driver.nextOffset += 1;
        const given = value === null || Buffer.isBuffer(value) ? { value, headers: {} } : value;
        return { offset, key: null, appendTimeMs: driver.nowMs, ...given };
      });
      return transact(driver.nowMs, (context) => {
        logic.process(records, context);
      });
    },
    tick: (brokerTimeMs) =>
      transact(brokerTimeMs, (context) => {
        logic.tick?.(context);
      }),
    work() {
      const written = new Map<string, OutputRecord[]>();
      while (logic.hasWork?.()) {
        const outputs = transact(driver.nowMs, (context) => {
          logic.work?.(context);
        });
        for (const [topic, records] of outputs)
          written.set(topic, [...(written.get(topic) ?? []), ...records]);
      }
      return written;
    },
    restart() {
      // JSON, as in the position record: what does not survive it must not be in the state.
      const stored: unknown =
        partitionState === undefined ? undefined : JSON.parse(JSON.stringify(partitionState));
      partitionState = stored as P | undefined;
      logic = definition.logicOf({ partition, stores, partitionState });
    },
  };
  return driver;
};
