import {
  packBuckets,
  type CourseState,
  type DayBuckets,
  type EpochDay,
  type EventTimeMs,
  type Histogram,
  type Statistic,
} from '@reviews/domain';
import { versionedAvro, type StateCodec } from './versioned-avro.js';

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

const FIELDS = [
  { name: 'courseTitle', type: ['null', 'string'] },
  { name: 'day', type: 'int' },
  { name: 'allTime', type: STATISTIC },
  { name: 'recent', type: 'Statistic' },
  { name: 'recentDay', type: 'int' },
];

const UNPACKED_BUCKET = {
  type: 'record',
  name: 'DayBucket',
  fields: [
    { name: 'day', type: 'int' },
    { name: 'histogram', type: { type: 'array', items: 'long' } },
    { name: 'lastReviewAt', type: 'long' },
  ],
};

const schemaWith = (buckets: object | string): object => ({
  type: 'record',
  name: 'CourseState',
  fields: [...FIELDS, { name: 'buckets', type: buckets }],
});

interface StatisticRecord {
  readonly histogram: Histogram;
  readonly lastReviewAt: number | null;
  readonly version: number;
  readonly updatedAt: number;
}

/** A state as Avro has it, whatever its buckets look like. */
interface CourseStateRecord<Buckets> {
  readonly courseTitle: string | null;
  readonly day: number;
  readonly allTime: StatisticRecord;
  readonly recent: StatisticRecord;
  readonly recentDay: number;
  readonly buckets: Buckets;
}

/** A bucket as version 1 had it. */
interface UnpackedBucketRecord {
  readonly day: number;
  readonly histogram: Histogram;
  readonly lastReviewAt: number;
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

const toCourse = (record: CourseStateRecord<unknown>, buckets: DayBuckets): CourseState => ({
  courseTitle: record.courseTitle,
  allTime: toStatistic(record.allTime),
  recent: { ...toStatistic(record.recent), day: record.recentDay as EpochDay },
  day: record.day as EpochDay,
  buckets,
});

/** State of the aggregator: everything it knows of one course. */
export const courseStateCodec: StateCodec<CourseState> = versionedAvro(
  {
    version: 2,
    schema: schemaWith('bytes'),
    to: (course: CourseState): CourseStateRecord<Buffer> => ({
      courseTitle: course.courseTitle,
      day: course.day,
      allTime: toStatisticRecord(course.allTime),
      recent: toStatisticRecord(course.recent),
      recentDay: course.recent.day,
      buckets: Buffer.from(course.buckets.buffer, course.buckets.byteOffset, course.buckets.length),
    }),
    from: (record: CourseStateRecord<Buffer>): CourseState =>
      toCourse(record, new Uint8Array(record.buckets)),
  },
  {
    version: 1,
    schema: schemaWith({ type: 'array', items: UNPACKED_BUCKET }),
    from: (record: CourseStateRecord<readonly UnpackedBucketRecord[]>): CourseState =>
      toCourse(
        record,
        packBuckets(
          record.buckets.map(({ day, histogram, lastReviewAt }) => ({
            day: day as EpochDay,
            histogram,
            lastReviewAtMs: lastReviewAt as EventTimeMs,
          })),
        ),
      ),
  },
);
