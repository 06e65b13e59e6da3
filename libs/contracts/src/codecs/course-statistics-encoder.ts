import { MAX_HALF_STARS, type CourseId, type EpochDay, type Statistic } from '@reviews/domain';
import { AvroWriter, MAX_LONG_BYTES, maxTextBytes } from '../avro/avro-writer.js';
import { CONFLUENT_HEADER_BYTES, confluentHeader } from '../confluent-avro.js';
import type { SchemaRegistry } from '../schema-registry.js';
import { schemaTextOf } from '../schemas.js';
import { subjectOf } from '../topics.js';

/** What names the course of a statistic. */
export interface NamedCourse {
  readonly courseId: CourseId;
  readonly courseTitle: string | null;
}

/**
 * Writes a value of `long-term-stats` or `recent-stats` by hand: every transaction writes two for each course it touched.
 *
 * @param day of a recent statistic: the last day of the window at that version; all-time: null
 */
export type CourseStatisticsEncoder = (
  course: NamedCourse,
  statistic: Statistic,
  day: EpochDay | null,
) => Buffer;

/** Besides the names: version, dates and counts. */
const MAX_REST_BYTES = CONFLUENT_HEADER_BYTES + (4 + MAX_HALF_STARS) * MAX_LONG_BYTES;

/** Registers the schema of a topic, or finds that it is registered. */
export const statisticsTopicEncoder = async (
  registry: SchemaRegistry,
  prefix: string,
  topic: 'long-term-stats' | 'recent-stats',
): Promise<CourseStatisticsEncoder> =>
  courseStatisticsEncoder(await registry.register(subjectOf(prefix, topic), schemaTextOf(topic)));

/** @param schemaId of either topic in the registry: but for their docs, the two are the same */
export const courseStatisticsEncoder = (schemaId: number): CourseStatisticsEncoder => {
  const header = confluentHeader(schemaId);
  const writer = new AvroWriter();
  return ({ courseId, courseTitle }, { histogram, lastReviewAtMs, version, updatedAtMs }, day) => {
    writer.begin(MAX_REST_BYTES + maxTextBytes(courseId) + maxTextBytes(courseTitle));
    writer.part(header, 0, header.length);
    writer.text(courseId);
    writer.long(version);
    writer.long(updatedAtMs);
    writer.nullableText(courseTitle);
    writer.nullableLong(lastReviewAtMs);
    writer.nullableLong(day);
    for (let index = 0; index < MAX_HALF_STARS; index++) writer.long(histogram[index] ?? 0);
    return writer.take();
  };
};
