import type { CourseState, DayBucket, EpochDay, EventTimeMs, Histogram, Statistic } from '@reviews/domain';
import { versionedAvro, type StateCodec } from './versioned-avro.js';

const SCHEMA_V1 = {
  type: 'record',
  name: 'CourseState',
  fields: [
    { name: 'courseTitle', type: ['null', 'string'] },
    { name: 'day', type: 'int' },
    {
      name: 'allTime',
      type: {
        type: 'record',
        name: 'Statistic',
        fields: [
          { name: 'histogram', type: { type: 'array', items: 'long' } },
          { name: 'lastReviewAt', type: ['null', 'long'] },
          { name: 'version', type: 'long' },
          { name: 'updatedAt', type: 'long' },
        ],
      },
    },
    { name: 'recent', type: 'Statistic' },
    { name: 'recentDay', type: 'int' },
    {
      name: 'buckets',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'DayBucket',
          fields: [
            { name: 'day', type: 'int' },
            { name: 'histogram', type: { type: 'array', items: 'long' } },
            { name: 'lastReviewAt', type: 'long' },
          ],
        },
      },
    },
  ],
};

interface StatisticRecord {
  readonly histogram: Histogram;
  readonly lastReviewAt: number | null;
  readonly version: number;
  readonly updatedAt: number;
}

interface CourseStateRecord {
  readonly courseTitle: string | null;
  readonly day: number;
  readonly allTime: StatisticRecord;
  readonly recent: StatisticRecord;
  readonly recentDay: number;
  readonly buckets: readonly {
    readonly day: number;
    readonly histogram: Histogram;
    readonly lastReviewAt: number;
  }[];
}

const toStatisticRecord = (statistic: Statistic): StatisticRecord => ({
  histogram: statistic.histogram,
  lastReviewAt: statistic.lastReviewAtMs,
  version: statistic.version,
  updatedAt: statistic.updatedAtMs,
});

// Only the aggregator writes what is read here, so values are taken as they are.
const toStatistic = (record: StatisticRecord): Statistic => ({
  histogram: record.histogram,
  lastReviewAtMs: record.lastReviewAt as EventTimeMs | null,
  version: record.version,
  updatedAtMs: record.updatedAt,
});

/** State of the aggregator: everything it knows of one course. */
export const courseStateCodec: StateCodec<CourseState> = versionedAvro({
  version: 1,
  schema: SCHEMA_V1,
  to: (course: CourseState): CourseStateRecord => ({
    courseTitle: course.courseTitle,
    day: course.day,
    allTime: toStatisticRecord(course.allTime),
    recent: toStatisticRecord(course.recent),
    recentDay: course.recent.day,
    buckets: course.buckets.map(({ day, histogram, lastReviewAtMs }) => ({
      day,
      histogram,
      lastReviewAt: lastReviewAtMs,
    })),
  }),
  from: (record: CourseStateRecord): CourseState => ({
    courseTitle: record.courseTitle,
    day: record.day as EpochDay,
    allTime: toStatistic(record.allTime),
    recent: { ...toStatistic(record.recent), day: record.recentDay as EpochDay },
    buckets: record.buckets.map(({ day, histogram, lastReviewAt }): DayBucket => ({
      day: day as EpochDay,
      histogram,
      lastReviewAtMs: lastReviewAt as EventTimeMs,
    })),
  }),
});
