import type { RunQuery } from './database.js';
import { ReadModelError } from './read-model-error.js';
import type { SinkRange } from './sink-range.js';
import type { Tables } from './tables.js';

/**
 * Moves a partition's position to the end of a range, as the first act of the transaction that stores the range.
 * Whoever else wants to move it waits until that transaction ends.
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
  { sinkPositions }: Tables,
  { topic, partition, from, to }: SinkRange,
): Promise<'advanced' | 'already-stored'> => {
  await query(`insert into ${sinkPositions} values ($1, $2, 0) on conflict do nothing`, [topic, partition]);
  const [stored] = await query<{ position: number }>(
    `select next_offset as position from ${sinkPositions} where topic = $1 and partition = $2 for update`,
    [topic, partition],
  );
  const position = stored?.position ?? 0;
  if (position >= to) return 'already-stored';
  if (position < from)
    throw new ReadModelError(
      'POSITION_GAP',
      `${topic} partition ${partition}: a batch begins at offset ${from}, but only offsets before ${position} are stored`,
    );
  await query(`update ${sinkPositions} set next_offset = $3 where topic = $1 and partition = $2`, [
    topic,
    partition,
    to,
  ]);
  return 'advanced';
};
