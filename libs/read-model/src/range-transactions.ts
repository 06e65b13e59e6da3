import { setImmediate } from 'node:timers/promises';
import { advancePosition } from './advance-position.js';
import type { Database, RunQuery } from './database.js';
import { eraseTexts } from './erase-texts.js';
import { ReadModelError } from './read-model-error.js';
import { writerOf, type SinkRange } from './sink-range.js';
import type { Tables } from './tables.js';

/** Larger ranges are stored side by side, each over a connection of its own. */
const FEW_RECORDS = 200;

/** A range, and what stores its records. */
export interface RangeToStore {
  readonly range: SinkRange;
  /** How many records. */
  readonly size: number;
  store(query: RunQuery): Promise<void>;
}

/** Ranges that share a transaction. */
interface Group {
  readonly ranges: RangeToStore[];
  readonly stored: Promise<void>;
}

/**
 * Stores ranges, each with its position, all or nothing. What one service has written about a partition comes from several
 * topics in one turn of the event loop: if the ranges are small, they share a SQL transaction, which is committed and
 * told to whoever listens once. Texts that nobody needs any more are erased at its end.
 *
 * @param channel where it is told
 */
export const rangeTransactions = (
  database: Pick<Database, 'inTransaction'>,
  tables: Tables,
  channel: string,
): ((toStore: RangeToStore) => Promise<void>) => {
  const groups = new Map<string, Group>();

  const storeTogether = (ranges: readonly RangeToStore[]): Promise<void> =>
    database.inTransaction(async (query) => {
      const fresh: RangeToStore[] = [];
      // Positions first, in one order for everybody, or two transactions wait for each other in a circle.
      for (const toStore of ranges.toSorted(byTopic))
        if ((await advancePosition(query, tables, toStore.range, channel)) === 'advanced')
          fresh.push(toStore);
      for (const toStore of fresh) await toStore.store(query);
      const last = fresh.at(-1)?.range;
      // Behind all of them: progress is true here before the rows it speaks of are stored, and one of them may need its text.
      if (last !== undefined && writerOf(last.topic) === 'fraud-detector')
        await eraseTexts(query, tables, last.partition);
    });

  const newGroup = (key: string): Group => {
    const ranges: RangeToStore[] = [];
    const stored = setImmediate().then(() => {
      groups.delete(key);
      return storeTogether(ranges);
    });
    const group = { ranges, stored };
    groups.set(key, group);
    return group;
  };

  return async (toStore) => {
    if (toStore.size > FEW_RECORDS) return storeTogether([toStore]);
    const { topic, partition } = toStore.range;
    const key = `${writerOf(topic)} ${partition}`;
    const { ranges, stored } = groups.get(key) ?? newGroup(key);
    ranges.push(toStore);
    try {
      await stored;
    } catch (error) {
      if (ranges.length === 1 || (error instanceof ReadModelError && error.retriable)) throw error;
      // One of them has spoilt it for all: each finds out for itself whether it was that one.
      await storeTogether([toStore]);
    }
  };
};

const byTopic = ({ range: a }: RangeToStore, { range: b }: RangeToStore): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0;
