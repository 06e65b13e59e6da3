import type { BatchHeader } from './record-set-batch.js';

/** A transaction that was aborted, of which a fetch answer may hold records. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/**
 * Which producers are inside an aborted transaction, batch by batch in the order of the log (KIP-98). A transaction is
 * over at its producer's next marker, of which compaction may have left the batch alone.
 */
export class AbortedProducers {
  /** The one that began first at the end. Brokers list them in the order in which they ended. */
  readonly #ahead: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#ahead = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Whether a batch holds nothing for a reader of committed records. Asked once of every batch, in their order. */
  hides(batch: BatchHeader): boolean {
    for (let next = this.#ahead.at(-1); next !== undefined; next = this.#ahead.at(-1)) {
      if (next.firstOffset > batch.lastOffset) break;
      this.#open.add(next.producerId);
      this.#ahead.pop();
    }
    if (batch.isControl) {
      this.#open.delete(batch.producerId);
      return true;
    }
    return batch.isTransactional && this.#open.has(batch.producerId);
  }
}
