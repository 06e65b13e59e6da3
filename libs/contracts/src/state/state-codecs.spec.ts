import { describe, expect, it } from '@jest/globals';
import { noBuckets, packBuckets, type CourseState, type DayBucket, type EpochDay } from '@reviews/domain';
import avro from 'avsc';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import {
  courses,
  entries,
  expectKept,
  MAX_LONG,
  STATE_VALUES,
} from '../../../../test/state/arbitrary-state.js';
import { CodecError } from '../confluent-avro.js';
import { courseStateCodec, readCourseDays } from './course-state-codec.js';
import { ledgerEntryCodec } from './ledger-entry-codec.js';
import type { StateCodec } from './versioned-avro.js';

/** A course's state behind its byte of version, as version 2 describes it. */
const COURSE = avro.Type.forSchema({
  type: 'record',
  name: 'CourseState',
  fields: [
    { name: 'day', type: 'int' },
    { name: 'buckets', type: 'bytes' },
    { name: 'courseTitle', type: ['null', 'string'] },
    {
      name: 'allTime',
      type: {
        type: 'record',
        name: 'Statistic',
        fields: [
          { name: 'histogram', type: { type: 'array', items: 'long' } },
          { name: 'lastReviewAtMs', type: ['null', 'long'] },
          { name: 'version', type: 'long' },
          { name: 'updatedAtMs', type: 'long' },
        ],
      },
    },
    { name: 'recent', type: 'Statistic' },
    { name: 'recentDay', type: 'int' },
  ],
});

/** A tenth of the full size, which runs in test/state. */
const CAMPAIGN = { numRuns: STATE_VALUES / 10, seed: 1 };

describe('the state of a course', () => {
  it('is read back as it was written, and written again as it was', () => {
    fc.assert(
      fc.property(courses, (course) => {
        expectKept(courseStateCodec, course);
      }),
      CAMPAIGN,
    );
  });

  it('is the Avro of its schema, written by hand', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const { day, buckets, courseTitle, allTime, recent } = course;
        const asAvro = {
          day,
          buckets: Buffer.from(buckets),
          courseTitle,
          allTime,
          recent,
          recentDay: recent.day,
        };
        expect(courseStateCodec.encode(course).subarray(1).equals(COURSE.toBuffer(asAvro))).toBe(true);
      }),
      { ...CAMPAIGN, numRuns: 500 },
    );
  });

  it('tells when it changes by itself without being read any further', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const { day, buckets } = readCourseDays(courseStateCodec.encode(course));
        expect({ day, buckets: Buffer.from(buckets) }).toEqual({
          day: course.day,
          buckets: Buffer.from(course.buckets),
        });
      }),
      CAMPAIGN,
    );
  });

  it('tells it of version 1, too, and refuses less than it needs', () => {
    const { hex, value } = golden('course-state.v1.json');
    expect(readCourseDays(Buffer.from(hex, 'hex'))).toEqual(value);
    expect(() => readCourseDays(Buffer.from('02', 'hex'))).toThrow(CodecError);
  });

  it('refuses a count that could not be kept', () => {
    const statistic = { lastReviewAtMs: null, version: 0, updatedAtMs: 0 };
    const histogram = new Array<number>(10).fill(0).with(3, MAX_LONG + 1);
    const course: CourseState = {
      courseTitle: null,
      allTime: { ...statistic, histogram },
      recent: { ...statistic, histogram, day: 0 as EpochDay },
      day: 0 as EpochDay,
      buckets: noBuckets,
    };
    expect(() => courseStateCodec.encode(course)).toThrow('invalid');
  });
});

describe('the ledger entry of a review', () => {
  it('is read back as it was written, and written again as it was', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expectKept(ledgerEntryCodec, entry);
      }),
      CAMPAIGN,
    );
  });
});

interface Golden {
  /** What the changelog holds. */
  readonly hex: string;
  readonly value: unknown;
}

const GOLDEN = new URL('../../golden/', import.meta.url);
const goldenFiles = readdirSync(GOLDEN);
const golden = (file: string): Golden => {
  const { hex, value } = JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8')) as Golden;
  return { hex, value: withPackedBuckets(value) };
};
/** The files show the buckets of a course one by one. */
const withPackedBuckets = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'buckets' in value
    ? { ...value, buckets: packBuckets(value.buckets as readonly DayBucket[]) }
    : value;
const CODECS: Readonly<Record<string, StateCodec<unknown>>> = {
  'ledger-entry': ledgerEntryCodec,
  'course-state': courseStateCodec,
};
/** The version each state is written in now: its golden file is the last of them. */
const CURRENT = { 'ledger-entry': 2, 'course-state': 2 };

describe('state once written', () => {
  it('has a golden file for each version there ever was', () => {
    const expected = Object.entries(CURRENT).flatMap(([name, current]) =>
      Array.from({ length: current }, (_, index) => `${name}.v${index + 1}.json`),
    );
    expect(goldenFiles.sort()).toEqual(expected.sort());
  });

  it.each(goldenFiles)('can be read for ever: %s', (file) => {
    const { hex, value } = golden(file);
    const codec = CODECS[file.split('.')[0] ?? ''];
    expect(codec?.decode(Buffer.from(hex, 'hex'))).toEqual(value);
  });

  it.each(Object.entries(CURRENT))('is written as its version was from the start: %s', (name, version) => {
    const { hex, value } = golden(`${name}.v${version}.json`);
    expect(CODECS[name]?.encode(value).toString('hex')).toBe(hex);
  });

  const { hex } = golden('ledger-entry.v2.json');
  it.each([
    ['an unknown version', `03${hex.slice(2)}`],
    ['nothing', ''],
    ['a version and nothing else', '02'],
    ['less than was written', hex.slice(0, -2)],
    ['more than was written', `${hex}00`],
  ])('is refused when there is %s', (_what, changed) => {
    expect(() => ledgerEntryCodec.decode(Buffer.from(changed, 'hex'))).toThrow(CodecError);
  });

  const { hex: courseHex } = golden('course-state.v2.json');
  it.each([
    ['an unknown version', `03${courseHex.slice(2)}`],
    ['nothing', ''],
    ['a version and nothing else', '02'],
    ['less than was written', courseHex.slice(0, -2)],
    ['more than was written', `${courseHex}00`],
    ['a histogram of nine counts', courseHex.replace('140200', '120200')],
    ['a histogram that goes on', courseHex.replace('04000280', '04020280')],
  ])('of a course is refused when there is %s', (_what, changed) => {
    expect(() => courseStateCodec.decode(Buffer.from(changed, 'hex'))).toThrow(CodecError);
  });
});
