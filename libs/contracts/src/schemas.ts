import { readFileSync } from 'node:fs';

/** An Avro schema as parsed JSON. */
export interface AvroSchema {
  readonly type: 'record';
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: unknown }[];
}

/** The version of each topic's schema that is written now. Older versions stay in `schemas/` and stay readable. */
const CURRENT = {
  reviews: 'reviews.v1',
  'reviews-valid': 'reviews-valid.v1',
  'reviews-fraud': 'reviews-fraud.v2',
  'long-term-stats': 'long-term-stats.v1',
  'recent-stats': 'recent-stats.v1',
  'aggregator-progress': 'aggregator-progress.v1',
  'fraud-detector-progress': 'fraud-detector-progress.v1',
} as const;

/** A topic whose values are Avro records with a schema in the registry. */
export type AvroTopic = keyof typeof CURRENT;

export const AVRO_TOPICS = Object.keys(CURRENT) as readonly AvroTopic[];

/** Text of the schema now written to a topic. */
export const schemaTextOf = (topic: AvroTopic): string =>
  readFileSync(new URL(`../schemas/${CURRENT[topic]}.avsc`, import.meta.url), 'utf8');

export const schemaOf = (topic: AvroTopic): AvroSchema => JSON.parse(schemaTextOf(topic)) as AvroSchema;

const TEXTS = ['title', 'content'];

/** A reader schema of a topic without what learners wrote: whoever only counts skips it unread. */
export const textFreeSchema = (topic: AvroTopic): AvroSchema => schemaWithout(topic, TEXTS);

/** A reader schema of facts with what statistics depend on, and nothing else. */
export const countedFactSchema = (): AvroSchema =>
  schemaWithout('reviews-valid', [...TEXTS, 'reviewId', 'userId', 'modifiedAt']);

const schemaWithout = (topic: AvroTopic, fields: readonly string[]): AvroSchema =>
  JSON.parse(schemaTextOf(topic), (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((item) => !isFieldOf(fields, item)) : value,
  ) as AvroSchema;

const isFieldOf = (fields: readonly unknown[], item: unknown): boolean =>
  typeof item === 'object' && item !== null && 'name' in item && fields.includes(item.name);
