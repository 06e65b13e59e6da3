import type { Offset } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { parseChangelogRecord, type EntryRecord, type PositionRecord } from '../state/changelog-record.js';
import type { TransactionalStore } from '../state/key-value-store.js';
import { StreamsError } from '../streams-error.js';

/** The barrier a task wrote to its changelog before it reads it. */
export interface Barrier {
  readonly nonce: Buffer;
  readonly offset: Offset;
}

/** Takes a changelog over, record by record, up to the task's own barrier. */
export interface Restore {
  add(records: readonly StreamRecord[]): void;
  /**
   * The last position; undefined when there never was one.
   *
   * @throws StreamsError FENCED when the barrier is gone or a newer one is there: somebody else owns the task now
   */
  finish(): PositionRecord | undefined;
}

export const restoreInto = (
  stores: ReadonlyMap<string, TransactionalStore<unknown>>,
  barrier: Barrier,
): Restore => {
  let position: PositionRecord | undefined;
  let sawOwnBarrier = false;
  let sawLaterBarrier = false;

  const take = (record: StreamRecord): void => {
    const parsed = parseChangelogRecord(record);
    switch (parsed.kind) {
      case 'barrier':
        if (record.offset === barrier.offset) sawOwnBarrier = parsed.nonce.equals(barrier.nonce);
        if (record.offset > barrier.offset) sawLaterBarrier = true;
        return;
      case 'position':
        if (record.offset < barrier.offset) position = parsed;
        return;
      case 'entry': {
        const store = stores.get(parsed.store);
        if (store === undefined)
          throw new StreamsError(
            'STATE_CORRUPTED',
            `Changelog offset ${record.offset} belongs to no store: ${parsed.store}`,
          );
        if (record.offset < barrier.offset) restoreEntry(store, parsed, record.offset);
      }
    }
  };

  return {
    add(records) {
      for (const record of records) take(record);
    },
    finish() {
      if (!sawOwnBarrier || sawLaterBarrier)
        throw new StreamsError(
          'FENCED',
          `The barrier at changelog offset ${barrier.offset} was replaced by another owner's`,
        );
      return position;
    },
  };
};

const restoreEntry = (
  store: TransactionalStore<unknown>,
  { key, value }: EntryRecord,
  offset: Offset,
): void => {
  try {
    store.restore(key, value);
  } catch (cause) {
    throw new StreamsError(
      'STATE_CORRUPTED',
      `Changelog offset ${offset}: ${store.name} cannot read the value of ${key}`,
      {
        cause,
      },
    );
  }
};
