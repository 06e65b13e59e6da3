import type { TopicPartition } from '../records.js';
import { isTakenForMarker, type DeadLetter } from './dead-letter.js';

/** Why a letter cannot be sent again exactly once. */
export type RedriveRefusal =
  /** It was made of a record of another partition than its own, which has another writer. */
  | 'foreign-origin'
  /** Its original was too large to be copied. */
  | 'not-copied'
  /** Its key is four zero bytes: should the transaction abort, the client would show it all the same. */
  | 'marker-key';

/** @param source the partition that letters of this partition come from */
export const refusalOf = (
  { origin, omittedBytes, original }: DeadLetter,
  source: TopicPartition,
): RedriveRefusal | undefined => {
  if (origin.topic !== source.topic || origin.partition !== source.partition) return 'foreign-origin';
  if (omittedBytes !== undefined) return 'not-copied';
  return isTakenForMarker(original.key) ? 'marker-key' : undefined;
};
