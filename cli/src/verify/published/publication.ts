import type { PublishedStatistic, Scope } from './published-statistic.js';

/** One place that publishes statistics of a partition, and what it claims to include. */
export interface Publication {
  /** Where each statistic of it stands, for people. */
  readonly places: Readonly<Record<Scope, string>>;
  /** Facts before this offset of `reviews-valid` are included. */
  readonly end: number;
  /** The day every course was brought to; null before the first. */
  readonly sweptDay: number | null;
  readonly statistics: Readonly<Record<Scope, ReadonlyMap<string, PublishedStatistic>>>;
}

/** Statistics by course. */
export const byCourse = (
  statistics: Iterable<PublishedStatistic>,
): Readonly<Record<Scope, Map<string, PublishedStatistic>>> => {
  const sorted = {
    allTime: new Map<string, PublishedStatistic>(),
    recent: new Map<string, PublishedStatistic>(),
  };
  for (const statistic of statistics) sorted[statistic.scope].set(statistic.courseId, statistic);
  return sorted;
};
