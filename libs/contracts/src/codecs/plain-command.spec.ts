import { describe, expect, it } from '@jest/globals';
import {
  decide,
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  type CourseId,
  type EventTimeMs,
  type LiveReview,
  type ReviewCommand,
  type UserId,
  type Verdict,
} from '@reviews/domain';
import fc from 'fast-check';
import { CodecError, confluentAvro, type ConfluentAvro } from '../confluent-avro.js';
import { reviewIdOf } from '../review-id.js';
import type { SchemaRegistry } from '../schema-registry.js';
import { schemaOf, schemaTextOf, type AvroTopic } from '../schemas.js';
import { courseKeyOf, readPlainCommand } from './plain-command.js';
import { plainFactWriter, plainHoldWriter } from './plain-facts.js';
import {
  parseReviewCommandRecord,
  toReviewCommandRecord,
  type ReviewCommandRecord,
} from './review-command-codec.js';
import { toReviewFactRecord, type ReviewFactRecord } from './review-fact-codec.js';
import { toReviewHeldRecord, type ReviewHeldRecord } from './review-held-codec.js';

const CAMPAIGN = { numRuns: 300, seed: 1 };
const SCHEMA_ID = 258;

const avroOf = async <T>(topic: AvroTopic): Promise<ConfluentAvro<T>> => {
  const registry = { schemaById: () => Promise.resolve(schemaTextOf(topic)) } as unknown as SchemaRegistry;
  const avro = confluentAvro<T>(registry, schemaOf(topic), SCHEMA_ID);
  await avro.resolveWriters([avro.header()]);
  return avro;
};
const commands = await avroOf<ReviewCommandRecord>('reviews');
const facts = await avroOf<ReviewFactRecord>('reviews-valid');
const holds = await avroOf<ReviewHeldRecord>('reviews-fraud');
const plainFact = plainFactWriter(facts.header());
const plainHold = plainHoldWriter(holds.header());

const hashes = fc.stringMatching(/^[0-9a-f]{32}$/);
const ids = fc.stringMatching(/^[A-Za-z0-9_~-]{1,64}$/);
const dates = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(9999, 11, 31) });
const textOf = (maxLength: number): fc.Arbitrary<string | null> => {
  // Around the longest, of one, two, three and four bytes a character.
  const long = fc
    .tuple(fc.constantFrom('x', 'ß', '評', '🙂'), fc.integer({ min: -1, max: 1 }))
    .map(([unit, off]) => unit.repeat(maxLength / unit.length + off));
  const short = fc.string({ unit: 'grapheme', maxLength: 20 });
  return fc.option(
    fc.oneof({ weight: 12, arbitrary: short }, { weight: maxLength > 1_000 ? 1 : 3, arbitrary: long }),
    { freq: 3 },
  );
};

/** Records as the product writes them, some of which are a little too long. */
const records: fc.Arbitrary<ReviewCommandRecord> = fc
  .record({
    kind: fc.constantFrom('submitted' as const, 'withdrawn' as const),
    courseId: ids,
    userId: ids,
    submissionId: hashes,
    imported: fc.boolean(),
    createdAt: dates,
    isDated: fc.boolean(),
    contentHash: hashes,
    halfStars: fc.integer({ min: 1, max: 10 }),
    courseTitle: textOf(MAX_TITLE_LENGTH),
    title: textOf(MAX_TITLE_LENGTH),
    content: textOf(MAX_CONTENT_LENGTH),
  })
  .map(({ kind, courseId, userId, submissionId, createdAt, isDated, imported, ...content }) => ({
    kind,
    reviewId: reviewIdOf(courseId as CourseId, userId as UserId),
    courseId,
    userId,
    submissionId,
    ...(kind === 'withdrawn'
      ? NO_CONTENT
      : { ...content, imported, createdAt: imported && isDated ? createdAt : null }),
  }));
const NO_CONTENT = {
  ...{ imported: false, createdAt: null, contentHash: null, halfStars: null },
  ...{ courseTitle: null, title: null, content: null },
};

const parsed = (bytes: Buffer): ReviewCommand | undefined => {
  try {
    return parseReviewCommandRecord(commands.decode(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return undefined;
  }
};

describe('a value of reviews read from its bytes alone', () => {
  it('is the command that decoding makes of it, and is refused by both alike', () => {
    fc.assert(
      fc.property(records, (record) => {
        const bytes = commands.encode(record);
        expect(readPlainCommand(bytes, 'decoded')?.command).toEqual(parsed(bytes));
      }),
      CAMPAIGN,
    );
  });

  it('is without texts the same when they are only checked', () => {
    fc.assert(
      fc.property(records, (record) => {
        const bytes = commands.encode(record);
        const command = readPlainCommand(bytes, 'decoded')?.command;
        const bare = { courseTitle: null, title: null, content: null };
        expect(readPlainCommand(bytes, 'checked')?.command).toEqual(
          command?.kind === 'submitted' ? { ...command, ...bare } : command,
        );
      }),
      CAMPAIGN,
    );
  });

  it('is left to decoding when it was damaged, or would not be written like that again', () => {
    const damages = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.constantFrom(0, 1, 2, 0x80, 0xff), fc.nat(255)),
      kind: fc.constantFrom('changed', 'inserted', 'lengthened', 'cut'),
    });
    const damaged = (
      bytes: Buffer,
      { at, byte, kind }: { at: number; byte: number; kind: string },
    ): Buffer => {
      const place = 5 + (at % (Math.min(bytes.length, 400) - 5));
      const [before, behind] = [bytes.subarray(0, place), bytes.subarray(place)];
      if (kind === 'cut') return before;
      // A number of one byte, in two.
      if (kind === 'lengthened')
        return Buffer.concat([before, Buffer.of((behind[0] ?? 0) | 0x80, 0), behind.subarray(1)]);
      return Buffer.concat([before, Buffer.of(byte), kind === 'changed' ? behind.subarray(1) : behind]);
    };
    let understood = 0;
    fc.assert(
      fc.property(records, damages, (record, damage) => {
        const bytes = damaged(commands.encode(record), damage);
        const plain = readPlainCommand(bytes, 'decoded');
        if (plain === undefined) return;
        understood += 1;
        expect(plain.command).toEqual(parsed(bytes));
        expect(commands.encode(toReviewCommandRecord(plain.command)).equals(bytes)).toBe(true);
      }),
      { ...CAMPAIGN, numRuns: 10 * CAMPAIGN.numRuns },
    );
    expect(understood).toBeGreaterThan(10);
  });

  it('has its course id as the key of its facts', () => {
    fc.assert(
      fc.property(records, (record) => {
        const plain = readPlainCommand(commands.encode(record), 'checked');
        if (plain !== undefined) expect(courseKeyOf(plain).toString()).toBe(record.courseId);
      }),
      CAMPAIGN,
    );
  });
});

const detector = { detectorName: fc.string({ unit: 'grapheme' }), detectorVersion: fc.string() };
const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({ kind: fc.constant('valid' as const), score: fc.nat(100), ...detector }),
  fc.record({
    kind: fc.constant('held' as const),
    score: fc.nat(100),
    reasons: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
    ...detector,
  }),
);
const lives: fc.Arbitrary<LiveReview> = fc.record({
  halfStars: fc.integer({ min: 1, max: 10 }),
  createdAtMs: dates,
  modifiedAtMs: fc.constant(0),
  imported: fc.boolean(),
  contentHash: hashes,
  verdict: verdicts,
}) as unknown as fc.Arbitrary<LiveReview>;
const changes = fc.record({
  record: records,
  live: fc.option(lives),
  verdict: verdicts,
  cause: fc.record({ offset: fc.maxSafeNat().map((offset) => Math.floor(offset / 2)), ordinal: fc.nat(100) }),
  appendTimeMs: dates as unknown as fc.Arbitrary<EventTimeMs>,
});

describe('a fact of a command whose bytes are at hand', () => {
  it('has the bytes that encoding it as a whole gives, in both topics, whatever the command does', () => {
    let [valid, held] = [0, 0];
    fc.assert(
      fc.property(changes, ({ record, live, verdict, cause, appendTimeMs }) => {
        const bytes = commands.encode(record);
        const command = parsed(bytes);
        const plain = readPlainCommand(bytes, 'checked');
        if (command === undefined || plain === undefined) return;
        const entry = live && { live, causeOffset: 0, submissionIds: [] };
        const decisionOn = (read: ReviewCommand) =>
          decide(entry, { command: read, offset: cause.offset, appendTimeMs, redrivenFrom: null }, () => ({
            verdict,
            alsoHold: [],
          }));
        const whole = decisionOn(command);
        const bare = decisionOn(plain.command);
        const { reviewId, courseId, userId } = command;
        const address = { cause, reviewId, courseId, userId };
        if (whole.valid !== null && bare.valid !== null) {
          valid += 1;
          const asWhole = facts.encode(
            toReviewFactRecord({ kind: 'review-changed', ...address, ...whole.valid }),
          );
          expect(plainFact(plain, { cause, ...bare.valid }).equals(asWhole)).toBe(true);
        }
        if (whole.held !== null && bare.held !== null) {
          held += 1;
          const asWhole = holds.encode(toReviewHeldRecord({ ...address, ...whole.held }));
          expect(plainHold(plain, { cause, ...bare.held }).equals(asWhole)).toBe(true);
        }
      }),
      CAMPAIGN,
    );
    expect([valid > 50, held > 50]).toEqual([true, true]);
  });
});
