import type { PartitionOffsets, StreamRecord } from '@reviews/streams';
import type { Place } from './place.js';

/** One partition of a topic, to be read from its first record to an end that does not move. */
export interface PartitionLog {
  readonly place: Place;
  readonly offsets: PartitionOffsets;
  /** The records from `from` (default: the first) to the end. */
  records(from?: number): AsyncIterable<readonly StreamRecord[]>;
}
