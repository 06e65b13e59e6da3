import {
  MAX_HALF_STARS,
  type CourseDays,
  type CourseState,
  type EpochDay,
  type EventTimeMs,
  type Histogram,
  type Statistic,
} from '@reviews/domain';
import { AvroReader } from '../avro/avro-reader.js';
import { AvroWriter, MAX_LONG_BYTES, maxTextBytes } from '../avro/avro-writer.js';
import { CodecError } from '../confluent-avro.js';
import { readFirstCourseState } from './first-course-state.js';
import { VERSION_BYTES, type StateCodec } from './versioned-avro.js';

/**
 * Version 2 is written and read by hand: a transaction does both for each course that it touches. As a schema it is
 *
 *     day int │ buckets bytes │ courseTitle [null, string] │ allTime Statistic │ recent Statistic │ recentDay int
 *
 * First what decides when a course changes by itself: whoever asks only that reads no further.
 */
const VERSION_2 = 2;
const END_OF_ARRAY = 0;
const writer = new AvroWriter();
const reader = new AvroReader();

/** Most bytes of a state besides its buckets and its title: the version, a length, two days and two statistics. */
const MAX_REST_BYTES = 1 + (3 + 2 * (MAX_HALF_STARS + 5)) * MAX_LONG_BYTES;

const writeStatistic = ({ histogram, lastReviewAtMs, version, updatedAtMs }: Statistic): void => {
  writer.long(histogram.length);
  for (let index = 0; index < histogram.length; index++) writer.long(histogram[index] ?? 0);
  writer.byte(END_OF_ARRAY);
  writer.nullableLong(lastReviewAtMs);
  writer.long(version);
  writer.long(updatedAtMs);
};

const encode = ({ courseTitle, allTime, recent, day, buckets }: CourseState): Buffer => {
  writer.begin(MAX_REST_BYTES + buckets.length + maxTextBytes(courseTitle));
  writer.byte(VERSION_2);
  writer.long(day);
  writer.bytes(buckets);
  writer.nullableText(courseTitle);
  writeStatistic(allTime);
  writeStatistic(recent);
  writer.long(recent.day);
  return writer.take();
};

/** In one block of ten, as it is written. */
const readHistogram = (): Histogram => {
  if (reader.long() !== MAX_HALF_STARS) throw new CodecError('A histogram without its ten counts');
  // Written out: made in a loop it would grow, and be copied, several times.
  const histogram = [
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
    reader.long(),
  ];
  if (reader.byte() !== END_OF_ARRAY) throw new CodecError('A histogram of more than ten counts');
  return histogram;
};

const decode = (bytes: Buffer): CourseState => {
  reader.begin(bytes, VERSION_BYTES);
  const day = reader.long() as EpochDay;
  const buckets = reader.bytes();
  const courseTitle = reader.nullableText();
  const allTime = {
    histogram: readHistogram(),
    lastReviewAtMs: reader.nullableLong() as EventTimeMs | null,
    version: reader.long(),
    updatedAtMs: reader.long(),
  };
  const recent = {
    histogram: readHistogram(),
    lastReviewAtMs: reader.nullableLong() as EventTimeMs | null,
    version: reader.long(),
    updatedAtMs: reader.long(),
    day: reader.long() as EpochDay,
  };
  reader.end();
  return { courseTitle, allTime, recent, day, buckets };
};

/** State of the aggregator: everything it knows of one course. */
export const courseStateCodec: StateCodec<CourseState> = {
  encode,
  decode: (bytes) => (bytes[0] === VERSION_2 ? decode(bytes) : readFirstCourseState(bytes)),
};

/**
 * The beginning of a course's state: when it changes by itself.
 *
 * @throws CodecError when the bytes have an unknown version or are unreadable
 */
export const readCourseDays = (bytes: Buffer): CourseDays => {
  if (bytes[0] !== VERSION_2) return courseStateCodec.decode(bytes);
  reader.begin(bytes, VERSION_BYTES);
  return { day: reader.long() as EpochDay, buckets: reader.bytes() };
};
