/**
 * The progress records worth keeping, at most three: the newest that is true, the oldest that is not yet, and the
 * newest of all. Waiting for the oldest keeps readers going: the newest alone would be replaced again and again before
 * what it speaks of arrives, as long as the sink is busy.
 *
 * @param records of one partition, in the order of their topic
 * @param isTrue whether everything before a record's ends is stored
 */
export const progressToKeep = <Progress>(
  records: readonly Progress[],
  isTrue: (record: Progress) => boolean,
): readonly Progress[] => {
  const newestTrue = records.findLastIndex(isTrue);
  const kept = new Set([newestTrue, newestTrue + 1, records.length - 1]);
  return records.filter((_, index) => kept.has(index));
};
