/** A record of `aggregator-progress`: true once everything before the two ends is stored. */
export interface ProgressRecord {
  /** Where it stands in its topic. */
  readonly recordOffset: number;
  readonly longTermStatsEnd: number;
  readonly recentStatsEnd: number;
}

/** What is stored of the two topics of statistics, in one partition. */
export interface StoredEnds {
  readonly longTermStats: number;
  readonly recentStats: number;
}

/**
 * The progress records worth keeping, at most three: the newest that is true, the oldest that is not yet, and the
 * newest of all. Waiting for the oldest keeps readers going: the newest alone would be replaced again and again before
 * its statistics arrive, as long as the sink is busy.
 *
 * @param records of one partition, in the order of their topic
 */
export const progressToKeep = <Progress extends ProgressRecord>(
  records: readonly Progress[],
  stored: StoredEnds,
): readonly Progress[] => {
  const isTrue = ({ longTermStatsEnd, recentStatsEnd }: Progress): boolean =>
    longTermStatsEnd <= stored.longTermStats && recentStatsEnd <= stored.recentStats;
  const newestTrue = records.findLastIndex(isTrue);
  const kept = new Set([newestTrue, newestTrue + 1, records.length - 1]);
  return records.filter((_, index) => kept.has(index));
};
