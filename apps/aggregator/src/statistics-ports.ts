import type { ConfluentAvro, CourseStatisticsRecord, ReviewFactRecord } from '@reviews/contracts';
import type { CourseState } from '@reviews/domain';
import type { KeyValueStore } from '@reviews/streams';

/** What the logic works with: its store, and the way in and out. */
export interface StatisticsPorts {
  readonly courses: KeyValueStore<CourseState>;
  readonly facts: Pick<ConfluentAvro<ReviewFactRecord>, 'decode'>;
  readonly statistics: {
    readonly longTerm: Pick<ConfluentAvro<CourseStatisticsRecord>, 'encode'>;
    readonly recent: Pick<ConfluentAvro<CourseStatisticsRecord>, 'encode'>;
  };
  readonly longTermTopic: string;
  readonly recentTopic: string;
  /** Courses brought to a new day in one step of the sweep. */
  readonly sweepStep: number;
}
