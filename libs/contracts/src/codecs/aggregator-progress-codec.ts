/** A value of `aggregator-progress`, as Avro and as everybody else has it: plain numbers. */
export interface AggregatorProgress {
  readonly partition: number;
  /** Commands before this offset of `reviews` are covered. */
  readonly reviewsEnd: number;
  /** Facts before this offset of `reviews-valid` are covered. */
  readonly reviewsValidEnd: number;
  /** The epoch day every course of the partition was rolled to; null before the first. */
  readonly day: number | null;
  /** True only after everything before these end offsets was applied. */
  readonly longTermStatsEnd: number;
  readonly recentStatsEnd: number;
}
