import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { confluentAvro, type ConfluentAvro } from './confluent-avro.js';
import type { SchemaRegistry } from './schema-registry.js';
import { AVRO_TOPICS, schemaOf, schemaTextOf, type AvroTopic } from './schemas.js';

/** What a value written with some version of a schema looks like today. */
interface Golden {
  readonly topic: AvroTopic;
  /** Avro binary, without the header, as that version wrote it. */
  readonly hex: string;
  readonly record: object;
}

const REVIEW_ID = '9a1c0c1e-4a55-5d0f-9d0e-6a3c1f2b7e90';
const HASH = '000102030405060708090a0b0c0d0e0f';
const WRITTEN_AT = 1_763_683_200_000;
const counted = { halfStars: 9, createdAt: WRITTEN_AT, modifiedAt: WRITTEN_AT + 1 };
const after = { ...counted, halfStars: 1, imported: true, courseTitle: 'Kurs', title: 'T', content: 'ä€😀' };
const change = {
  causeOffset: 1_000_000,
  causeOrdinal: 1,
  reviewId: REVIEW_ID,
  courseId: 'c-1',
  userId: 'u_1',
  before: counted,
  after,
};
const statistics = {
  courseId: 'c-1',
  version: 4_294_967_296,
  updatedAt: WRITTEN_AT,
  courseTitle: 'Kurs',
  lastReviewAt: WRITTEN_AT,
  halfStars1: 1,
  halfStars2: 0,
  halfStars3: 0,
  halfStars4: 0,
  halfStars5: 0,
  halfStars6: 0,
  halfStars7: 0,
  halfStars8: 0,
  halfStars9: 200,
  halfStars10: 3,
};

/**
 * One value of every version of every schema, by the name of its file. Values like these stand in topics that are kept
 * without limit: an entry is never changed or removed, a new version gets a new one.
 */
const GOLDEN: Readonly<Record<string, Golden>> = {
  'reviews.v1.avsc': {
    topic: 'reviews',
    hex: '024839613163306331652d346135352d356430662d396430652d36613363316632623765393006632d3106755f31403030303130323033303430353036303730383039306130623063306430653066010280b0afbbd46602403030303130323033303430353036303730383039306130623063306430653066021202084b757273000212c3a4e282acf09f9880',
    record: {
      kind: 'submitted',
      reviewId: REVIEW_ID,
      courseId: 'c-1',
      userId: 'u_1',
      submissionId: HASH,
      imported: true,
      createdAt: WRITTEN_AT,
      contentHash: HASH,
      halfStars: 9,
      courseTitle: 'Kurs',
      title: null,
      content: 'ä€😀',
    },
  },
  'reviews-valid.v1.avsc': {
    topic: 'reviews-valid',
    hex: '0280897a0202fabe02024839613163306331652d346135352d356430662d396430652d3661336331663262376539300206632d310206755f31021280b0afbbd46682b0afbbd466020280b0afbbd46682b0afbbd4660102084b7572730202540212c3a4e282acf09f9880',
    record: { kind: 'review_changed', day: 20_413, ...change },
  },
  'reviews-fraud.v1.avsc': {
    topic: 'reviews-fraud',
    hex: '80897a024839613163306331652d346135352d356430662d396430652d36613363316632623765393006632d3106755f310204c8010214686173682d73686172650008686173680231021280b0afbbd46682b0afbbd466020280b0afbbd46682b0afbbd4660102084b7572730202540212c3a4e282acf09f9880',
    record: {
      ...change,
      textOffset: null,
      verdict: {
        kind: 'held',
        score: 100,
        reasons: ['hash-share'],
        detectorName: 'hash',
        detectorVersion: '1',
      },
    },
  },
  'reviews-fraud.v2.avsc': {
    topic: 'reviews-fraud',
    hex: '80897a024839613163306331652d346135352d356430662d396430652d36613363316632623765393006632d3106755f310204c8010214686173682d73686172650008686173680231020e021280b0afbbd46682b0afbbd466020280b0afbbd46682b0afbbd4660102084b7572730202540212c3a4e282acf09f9880',
    record: {
      ...change,
      textOffset: 7,
      verdict: {
        kind: 'held',
        score: 100,
        reasons: ['hash-share'],
        detectorName: 'hash',
        detectorVersion: '1',
      },
    },
  },
  'long-term-stats.v1.avsc': {
    topic: 'long-term-stats',
    hex: '06632d31808080802080b0afbbd46602084b7572730280b0afbbd466000200000000000000900306',
    record: { ...statistics, day: null },
  },
  'recent-stats.v1.avsc': {
    topic: 'recent-stats',
    hex: '06632d31808080802080b0afbbd46602084b7572730280b0afbbd46602fabe020200000000000000900306',
    record: { ...statistics, day: 20_413 },
  },
  'aggregator-progress.v1.avsc': {
    topic: 'aggregator-progress',
    hex: '0682897a8092f40102fabe02000e',
    record: {
      partition: 3,
      reviewsEnd: 1_000_001,
      reviewsValidEnd: 2_000_000,
      day: 20_413,
      longTermStatsEnd: 0,
      recentStatsEnd: 7,
    },
  },
  'fraud-detector-progress.v1.avsc': {
    topic: 'fraud-detector-progress',
    hex: '0682897a8092f4010e',
    record: { partition: 3, reviewsEnd: 1_000_001, reviewsValidEnd: 2_000_000, reviewsFraudEnd: 7 },
  },
};

const SCHEMAS = new URL('../schemas/', import.meta.url);
const HEADER = '0000000001';

/** Reads and writes as the product does now, when the registry says that id 1 is the schema in this file. */
const productReading = async (file: string, topic: AvroTopic): Promise<ConfluentAvro<object>> => {
  const registry: SchemaRegistry = {
    setCompatibility: () => Promise.resolve(),
    register: () => Promise.resolve(1),
    ping: () => Promise.resolve(),
    schemaById: () => Promise.resolve(readFileSync(new URL(file, SCHEMAS), 'utf8')),
  };
  const avro = confluentAvro<object>(registry, schemaOf(topic), 1);
  await avro.resolveWriters([Buffer.from(HEADER, 'hex')]);
  return avro;
};

const plain = (record: object): unknown => JSON.parse(JSON.stringify(record));

describe('a schema once written to a topic', () => {
  it('is kept: each file has a value that was written with it, and no value lost its file', () => {
    expect(readdirSync(SCHEMAS).sort()).toEqual(Object.keys(GOLDEN).sort());
  });

  it.each(Object.entries(GOLDEN))('%s can still be read', async (file, { topic, hex, record }) => {
    const avro = await productReading(file, topic);
    expect(plain(avro.decode(Buffer.from(HEADER + hex, 'hex')))).toEqual(record);
  });

  it.each(Object.entries(GOLDEN).filter(([file, { topic }]) => isCurrent(file, topic)))(
    '%s is written as it always was',
    async (file, { topic, hex, record }) => {
      const avro = await productReading(file, topic);
      expect(avro.encode(record).toString('hex')).toBe(HEADER + hex);
    },
  );
});

describe('the schema now written to a topic', () => {
  it.each(AVRO_TOPICS)('%s is a record, no union, and has a golden value', (topic) => {
    expect(schemaOf(topic).type).toBe('record');
    expect(Object.entries(GOLDEN).some(([file]) => isCurrent(file, topic))).toBe(true);
  });

  it.each(AVRO_TOPICS)(
    '%s gives every field that may be missing a default, as full compatibility asks',
    (topic) => {
      const isNullable = (type: unknown): boolean => Array.isArray(type) && type[0] === 'null';
      const nullable = schemaOf(topic).fields.filter(({ type }) => isNullable(type));
      expect(nullable.every((field) => 'default' in field && field.default === null)).toBe(true);
    },
  );

  it.each(['reviews', 'reviews-valid'] as const)('%s has its text last', (topic) => {
    const text = schemaTextOf(topic);
    const order = ['"halfStars"', '"courseTitle"', '"title"', '"content"'].map((name) =>
      text.lastIndexOf(name),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(text.slice(text.lastIndexOf('"content"'))).not.toContain('"name"');
  });
});

function isCurrent(file: string, topic: AvroTopic): boolean {
  return readFileSync(new URL(file, SCHEMAS), 'utf8') === schemaTextOf(topic);
}
