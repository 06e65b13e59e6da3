import type { CourseId, EpochDay, EventTimeMs, RatedReview, RatingChange } from '@reviews/domain';
import { AvroReader } from '../avro/avro-reader.js';
import {
  CodecError,
  confluentReader,
  isSameAvro,
  readerThrough,
  type ConfluentReader,
} from '../confluent-avro.js';
import type { SchemaRegistry } from '../schema-registry.js';
import { countedFactSchema, schemaOf } from '../schemas.js';
import { parseCountedFactRecord, type CountedFact, type CountedFactRecord } from './counted-fact-codec.js';
import { parseHalfStars } from './review-change-record.js';

/** Reads `reviews-valid` as far as statistics depend on it: what is written now by hand, any other version through avsc. */
export const countedFactReader = (registry: SchemaRegistry): ConfluentReader<CountedFact> => {
  const throughAvro = readerThrough<CountedFactRecord>(countedFactSchema());
  return confluentReader(registry, (writer) => {
    if (isSameAvro(writer, schemaOf('reviews-valid'))) return readFact;
    const read = throughAvro(writer);
    return (bytes, from) => parseCountedFactRecord(read(bytes, from));
  });
};

const reader = new AvroReader();

/** In the order of the schema's symbols. */
const UNKNOWN = 0;
const REVIEW_CHANGED = 1;
const DAY_STARTED = 2;
const PROGRESS = 3;

const readFact = (bytes: Buffer, from: number): CountedFact => {
  reader.begin(bytes, from);
  const kind = reader.long();
  const cause = { offset: reader.long(), ordinal: reader.long() };
  const day = reader.nullableLong();
  reader.skipNullableText(); // reviewId
  const courseId = reader.nullableText();
  reader.skipNullableText(); // userId
  const before = reader.isNull() ? null : readRated();
  const after = reader.isNull() ? null : readAfter();
  reader.end();
  switch (kind) {
    case REVIEW_CHANGED:
      if (courseId === null) throw new CodecError('A changed review without its course');
      // Written by the fraud-detector from an id that was checked on the way in.
      return { kind: 'review-changed', cause, courseId: courseId as CourseId, before, after };
    case DAY_STARTED:
      if (day === null) throw new CodecError('A started day without its date');
      return { kind: 'day-started', cause, day: day as EpochDay };
    case PROGRESS:
      return { kind: 'progress', cause };
    case UNKNOWN:
    default:
      throw new CodecError('A fact of an unknown kind');
  }
};

const readRated = (): RatedReview => {
  const halfStars = parseHalfStars(reader.long());
  const createdAtMs = reader.long() as EventTimeMs;
  reader.long(); // modifiedAt
  return { halfStars, createdAtMs };
};

const readAfter = (): NonNullable<RatingChange['after']> => {
  const { halfStars, createdAtMs } = readRated();
  const imported = reader.byte() !== 0;
  const courseTitle = reader.nullableText();
  reader.skipNullableText(); // title
  reader.skipNullableText(); // content
  return { halfStars, createdAtMs, imported, courseTitle };
};
