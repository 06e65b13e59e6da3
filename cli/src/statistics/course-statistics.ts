/** The part of an answer to `GET …/statistics` that is shown. */
export interface CourseStatistics {
  readonly courseId: string;
  readonly courseTitle: string | null;
  readonly allTime: StatisticNumbers;
  readonly recent: StatisticNumbers & {
    readonly windowDays: number;
    readonly windowStart: string;
    readonly windowEnd: string;
  };
  readonly updatedAt: string;
}

export interface StatisticNumbers {
  readonly count: number;
  readonly averageRating: number | null;
  /** By rating: "0.5", "1" … "5". */
  readonly halfStarCounts: Readonly<Record<string, number>>;
  readonly lastReviewAt: string | null;
}
