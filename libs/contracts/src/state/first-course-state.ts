import {
  packBuckets,
  type CourseState,
  type EpochDay,
  type EventTimeMs,
  type Histogram,
  type Statistic,
} from '@reviews/domain';
import { stateReader } from './versioned-avro.js';

const STATISTIC = {
  type: 'record',
  name: 'Statistic',
  fields: [
    { name: 'histogram', type: { type: 'array', items: 'long' } },
    { name: 'lastReviewAt', type: ['null', 'long'] },
    { name: 'version', type: 'long' },
    { name: 'updatedAt', type: 'long' },
  ],
};

const BUCKET = {
  type: 'record',
  name: 'DayBucket',
  fields: [
    { name: 'day', type: 'int' },
    { name: 'histogram', type: { type: 'array', items: 'long' } },
    { name: 'lastReviewAt', type: 'long' },
  ],
};

const SCHEMA = {
  type: 'record',
  name: 'CourseState',
  fields: [
    { name: 'courseTitle', type: ['null', 'string'] },
    { name: 'day', type: 'int' },
    { name: 'allTime', type: STATISTIC },
    { name: 'recent', type: 'Statistic' },
    { name: 'recentDay', type: 'int' },
    { name: 'buckets', type: { type: 'array', items: BUCKET } },
  ],
};

interface StatisticRecord {
  readonly histogram: Histogram;
  readonly lastReviewAt: number | null;
  readonly version: number;
  readonly updatedAt: number;
}

interface BucketRecord {
  readonly day: number;
  readonly histogram: Histogram;
  readonly lastReviewAt: number;
}

/** A state of version 1 as Avro has it. */
interface CourseStateRecord {
  readonly courseTitle: string | null;
  readonly day: number;
  readonly allTime: StatisticRecord;
  readonly recent: StatisticRecord;
  readonly recentDay: number;
  readonly buckets: readonly BucketRecord[];
}

// Only the aggregator writes what is read here, so values are taken as they are.
const toStatistic = (record: StatisticRecord): Statistic => ({
  histogram: record.histogram,
  lastReviewAtMs: record.lastReviewAt as EventTimeMs | null,
  version: record.version,
  updatedAtMs: record.updatedAt,
});

const toCourse = (record: CourseStateRecord): CourseState => ({
  courseTitle: record.courseTitle,
  allTime: toStatistic(record.allTime),
  recent: { ...toStatistic(record.recent), day: record.recentDay as EpochDay },
  day: record.day as EpochDay,
  buckets: packBuckets(
    record.buckets.map(({ day, histogram, lastReviewAt }) => ({
      day: day as EpochDay,
      histogram,
      lastReviewAtMs: lastReviewAt as EventTimeMs,
    })),
  ),
});

/** Reads the state of a course in version 1, which had its buckets unpacked. */
export const readFirstCourseState = stateReader({ version: 1, schema: SCHEMA, from: toCourse });
