import { offsetOf, type Offset } from '../offset.js';
import type { PositionRecord } from '../state/changelog-record.js';
import type { StoreSpec } from '../state/key-value-store.js';
import { TaskStores } from '../state/task-stores.js';
import type { StoreSpecs } from './service-definition.js';

/**
 * What a task knows for certain: the committed state, its position, and how far of the changelog is in it. Survives a
 * failure, so that restoring has to read only what came after it.
 */
export class TaskMemory {
  readonly stores: TaskStores;
  /** Undefined when the task has never committed anything. */
  position: PositionRecord | undefined;
  /** The next offset of the changelog to read. */
  changelogNext: Offset = offsetOf(0);
  /** Number of the transaction whose commit was not answered. */
  unansweredTransaction: number | undefined;

  constructor(specs: StoreSpecs) {
    // Which values a store holds is between the service and its codec.
    this.stores = new TaskStores(Object.values(specs).map((spec) => spec as StoreSpec<unknown>));
  }
}
