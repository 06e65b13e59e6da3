import type { RunQuery } from './database.js';
import { ReadModelError } from './read-model-error.js';
import { writerOf, type SinkRange, type SinkTopic } from './sink-range.js';
import type { Tables } from './tables.js';

/**
 * Moves a partition's position to the end of a range, before the transaction that stores the range stores anything, which
 * tells whoever listens on the channel when it is committed: also a position that moved over nothing may be what made
 * progress true.
 * Whoever else wants to move it, or that of a topic whose records go into the same rows, waits until that transaction ends.
 *
 * The old position is compared, not the owner: a zombie may still store what it read after the partition was given
 * away, and the new owner then finds part of its first batch stored. Both write the same records, newer versions win,
 * and the position only grows, so whoever comes first is right. Demanding that a batch begins exactly at the position
 * would stop the new owner for ever.
 *
 * @returns `already-stored` when nothing of the range is new
 * @throws ReadModelError POSITION_GAP when records before the range were not stored
 */
export const advancePosition = async (
  query: RunQuery,
  tables: Tables,
  range: SinkRange,
  channel: string,
): Promise<'advanced' | 'already-stored'> => {
  const { topic, partition, from, to } = range;
  const inTurn = topicsInTurn(topic);
  // Whoever waits for nobody else's position needs no more than this, as long as all goes well.
  if (inTurn.length === 1 && (await move(query, tables, range, channel))) return 'advanced';
  const position = (await lockedPositions(query, tables, inTurn, partition)).get(topic) ?? 0;
  if (position >= to) return 'already-stored';
  if (position < from)
    throw new ReadModelError(
      'POSITION_GAP',
      `${topic} partition ${partition}: a batch begins at offset ${from}, but only offsets before ${position} are stored`,
    );
  await move(query, tables, range, channel);
  return 'advanced';
};

/** Whether the position lay within the range, and was moved to its end. */
const move = async (
  query: RunQuery,
  { sinkPositions }: Tables,
  { topic, partition, from, to }: SinkRange,
  channel: string,
): Promise<boolean> => {
  const moved = await query(
    `update ${sinkPositions} set next_offset = $4
     where topic = $1 and partition = $2 and next_offset >= $3 and next_offset < $4
     returning pg_notify($5, '')`,
    [topic, partition, from, to, channel],
  );
  return moved.length > 0;
};

/**
 * Topics whose transactions follow one another in a partition. Both topics of reviews write the same rows. And a text may
 * be erased once both have come far enough: two that move at the same time would each see the other where it was.
 */
const topicsInTurn = (topic: SinkTopic): readonly SinkTopic[] =>
  writerOf(topic) === 'fraud-detector'
    ? ['fraud-detector-progress', 'reviews-fraud', 'reviews-valid']
    : [topic];

/** In one order for everybody, or two transactions wait for each other in a circle. */
const lockedPositions = async (
  query: RunQuery,
  { sinkPositions }: Tables,
  topics: readonly SinkTopic[],
  partition: number,
): Promise<ReadonlyMap<SinkTopic, number>> => {
  const lock = async (): Promise<ReadonlyMap<SinkTopic, number>> => {
    const rows = await query<{ topic: SinkTopic; next_offset: number }>(
      `select topic, next_offset from ${sinkPositions} where topic = any($1) and partition = $2
       order by topic for update`,
      [topics, partition],
    );
    return new Map(rows.map((row) => [row.topic, row.next_offset]));
  };
  const locked = await lock();
  if (locked.size === topics.length) return locked;
  await query(
    `insert into ${sinkPositions} select topic, $2, 0 from unnest($1::text[]) as missing (topic) order by topic
     on conflict do nothing`,
    [topics, partition],
  );
  return lock();
};
