import { nextOffset, type Offset } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { parseChangelogRecord, type EntryRecord, type PositionRecord } from '../state/changelog-record.js';
import { isSameSummary, type StateSummary } from '../state/state-digest.js';
import { StreamsError } from '../streams-error.js';
import type { TaskMemory } from './task-memory.js';

/** The barrier a task wrote to its changelog before it reads it. */
export interface Barrier {
  readonly nonce: Buffer;
  readonly offset: Offset;
}

/** Takes a changelog over, record by record, up to the task's own barrier. */
export interface Restore {
  add(records: readonly StreamRecord[]): void;
  /**
   * The memory says now what the changelog says.
   *
   * @throws StreamsError FENCED when the barrier is gone or a newer one is there: somebody else owns the task now;
   *   STATE_CORRUPTED when the entries are not those the last position was written with
   */
  finish(): void;
}

/** @param memory what is known already of the changelog before the first record added; taking a record over twice is harmless */
export const restoreInto = (memory: TaskMemory, barrier: Barrier): Restore => {
  let position: PositionRecord | undefined = memory.position;
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
      case 'entry':
        if (record.offset < barrier.offset) takeEntry(memory, parsed);
    }
  };

  return {
    add(records) {
      for (const record of records) take(record);
    },
    finish() {
      // Before the digest: what a fenced owner read may well be incomplete.
      if (!sawOwnBarrier || sawLaterBarrier)
        throw new StreamsError(
          'FENCED',
          `The barrier at changelog offset ${barrier.offset} was replaced by another owner's`,
        );
      verify(memory, position);
      memory.position = position;
      memory.changelogNext = nextOffset(barrier.offset);
    },
  };
};

const takeEntry = (memory: TaskMemory, entry: EntryRecord): void => {
  memory.stores.store(entry.store).restore(entry);
};

const verify = ({ stores }: TaskMemory, position: PositionRecord | undefined): void => {
  const found = stores.summary();
  const expected = position === undefined ? NOTHING : position.state;
  // Positions of the first format tell nothing about the state.
  if (expected !== undefined && !isSameSummary(found, expected))
    throw new StreamsError(
      'STATE_CORRUPTED',
      `The changelog holds ${found.entries} entries with digest ${found.digest}, but its last position was written with ${expected.entries} and ${expected.digest}`,
    );
};

const NOTHING: StateSummary = Object.freeze({ entries: 0, digest: '0'.repeat(16) });
