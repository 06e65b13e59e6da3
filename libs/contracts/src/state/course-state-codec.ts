import {
  packBuckets,
  type CourseDays,
  type CourseState,
  type DayBuckets,
  type EpochDay,
  type EventTimeMs,
  type Histogram,
  type Statistic,
} from '@reviews/domain';
import { prefixReader, versionedAvro, type StateCodec } from './versioned-avro.js';

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

const TITLE = { name: 'courseTitle', type: ['null', 'string'] };
const DAY = { name: 'day', type: 'int' };
const STATISTICS = [
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

const BUCKETS_V1 = { name: 'buckets', type: { type: 'array', items: UNPACKED_BUCKET } };
const SCHEMA_V1 = { type: 'record', name: 'CourseState', fields: [TITLE, DAY, ...STATISTICS, BUCKETS_V1] };

/** First what decides when a course changes by itself: whoever asks only that reads no further. */
const DAYS = [DAY, { name: 'buckets', type: 'bytes' }];
const VERSION_2 = 2;
const SCHEMA_V2 = { type: 'record', name: 'CourseState', fields: [...DAYS, TITLE, ...STATISTICS] };

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
    version: VERSION_2,
    schema: SCHEMA_V2,
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
    schema: SCHEMA_V1,
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

const daysReader = prefixReader(DAYS);

/**
 * The beginning of a course's state: when it changes by itself.
 *
 * @throws CodecError when the bytes have an unknown version or are unreadable
 */
export const readCourseDays = (bytes: Buffer): CourseDays => {
  if (bytes[0] !== VERSION_2) return courseStateCodec.decode(bytes);
  const { day, buckets } = daysReader(bytes) as Pick<CourseStateRecord<Buffer>, 'day' | 'buckets'>;
  return { day: day as EpochDay, buckets };
};
