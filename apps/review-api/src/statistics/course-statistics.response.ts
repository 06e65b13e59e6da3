/** The numbers of a course, all-time. */
export interface StatisticResponse {
  readonly count: number;
  /** Sum / count, unrounded; null when the count is 0. */
  readonly averageRating: number | null;
  /** Always the ten keys "0.5", "1", "1.5" … "5". */
  readonly halfStarCounts: Readonly<Record<string, number>>;
  /** Half stars floored; always the six keys "0" … "5". */
  readonly starCounts: Readonly<Record<string, number>>;
  readonly lastReviewAt: string | null;
  /** Receipt: the offset in `reviews-valid` of the last record included. */
  readonly version: number;
}

/** The numbers of a course over the recent window: UTC dates, inclusive. */
export interface RecentStatisticResponse extends StatisticResponse {
  readonly windowDays: number;
  readonly windowStart: string;
  readonly windowEnd: string;
}

/** The statistics of a course. */
export interface CourseStatisticsResponse {
  readonly courseId: string;
  readonly courseTitle: string | null;
  readonly allTime: StatisticResponse;
  readonly recent: RecentStatisticResponse;
  /** When either of them last changed. */
  readonly updatedAt: string;
  /** True when the command named by `after` was not included in time; else absent. */
  readonly stale?: true;
}
