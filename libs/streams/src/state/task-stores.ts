import { StreamsError } from '../streams-error.js';
import type { OutputRecord } from '../records.js';
import { TransactionalStore, type StoreSpec } from './key-value-store.js';
import { StateDigest, type StateSummary } from './state-digest.js';

/** All stores of one task, and the digest over them. */
export class TaskStores {
  readonly #digest = new StateDigest();
  readonly #stores: ReadonlyMap<string, TransactionalStore<unknown>>;

  constructor(specs: Iterable<StoreSpec<unknown>>) {
    this.#stores = new Map(
      [...specs].map((spec) => [spec.name, new TransactionalStore(spec, this.#digest)] as const),
    );
  }

  /** @throws StreamsError STATE_CORRUPTED when there is no such store */
  store(name: string): TransactionalStore<unknown> {
    const store = this.#stores.get(name);
    if (store === undefined) throw new StreamsError('STATE_CORRUPTED', `There is no store ${name}`);
    return store;
  }

  /** Count and digest of the committed entries. */
  summary(): StateSummary {
    return this.#digest.summary();
  }

  /** Entries the open transaction has touched. */
  get changedKeys(): number {
    return this.#sumOver((store) => store.changedKeys);
  }

  get entries(): number {
    return this.#sumOver((store) => store.size);
  }

  /** Memory held for committed entries, in bytes. */
  get allocatedBytes(): number {
    return this.#sumOver((store) => store.allocatedBytes);
  }

  /** The open transaction's changes, and the summary of the state they will lead to. */
  changes(): { readonly records: readonly OutputRecord[]; readonly summary: StateSummary } {
    const digest = this.#digest.copy();
    const records = [...this.#stores.values()].flatMap((store) => store.changes(digest));
    return { records, summary: digest.summary() };
  }

  mergeOverlay(): void {
    for (const store of this.#stores.values()) store.mergeOverlay();
  }

  dropOverlay(): void {
    for (const store of this.#stores.values()) store.dropOverlay();
  }

  #sumOver(amountOf: (store: TransactionalStore<unknown>) => number): number {
    let sum = 0;
    for (const store of this.#stores.values()) sum += amountOf(store);
    return sum;
  }
}
