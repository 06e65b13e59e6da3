import { COMMAND_POSITION_PATTERN } from '@reviews/contracts';
import {
  IDENTIFIER_PATTERN,
  MAX_CONTENT_LENGTH,
  MAX_HALF_STARS,
  MAX_TITLE_LENGTH,
  MIN_HALF_STARS,
  toRating,
  WINDOW_DAYS,
  type HalfStars,
} from '@reviews/domain';
import { REQUEST_ID_PATTERN } from '@reviews/platform';
import { MAX_IDEMPOTENCY_KEY_LENGTH, VISIBLE_ASCII } from '../request/idempotency-key.js';
import { TEXT_PATTERN } from '../request/review-rules.js';
import { MAX_STARS } from '../reviews/stars-rule.js';

/** How JSON Schema spells a pattern: what JavaScript writes as `\0` others take for the start of an octal number. */
export const regExpText = (pattern: RegExp): string => pattern.source.replaceAll('\\0', '\\u0000');

/** Course and user ids. */
export const IDENTIFIER = { type: 'string', pattern: IDENTIFIER_PATTERN.source } as const;

/** A client's name for an attempt. */
export const IDEMPOTENCY_KEY_SCHEMA = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_IDEMPOTENCY_KEY_LENGTH,
  pattern: VISIBLE_ASCII.source,
} as const;

/** Where a command stands in `reviews`. */
export const POSITION = {
  type: 'string',
  pattern: COMMAND_POSITION_PATTERN.source,
  example: 'reviews:2:4711',
  description: 'Give it to `after` to read what includes this command. Its partition is that of the course.',
} as const;

const REVIEW_ID = { type: 'string', format: 'uuid', description: 'UUIDv5 of course and user' } as const;
const DATE_TIME = { type: 'string', format: 'date-time' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const MIN_RATING = toRating(MIN_HALF_STARS as HalfStars);
const RATING = {
  type: 'number',
  minimum: MIN_RATING,
  maximum: toRating(MAX_HALF_STARS as HalfStars),
  multipleOf: MIN_RATING,
} as const;
const STALE = {
  const: true,
  description: 'There when the command named by `after` was not included in time',
} as const;
const NEXT_CURSOR = {
  type: ['string', 'null'],
  description: 'Give it to `cursor` for the next page; null after the last',
} as const;

const textOf = (maxLength: number): Readonly<Record<string, unknown>> => ({
  type: ['string', 'null'],
  maxLength,
  pattern: regExpText(TEXT_PATTERN),
});

/** An object whose properties are all there, apart from the optional ones, and no others. */
const objectOf = (
  required: Readonly<Record<string, object>>,
  optional: Readonly<Record<string, object>> = {},
): object => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
  additionalProperties: false,
});

const countsOf = (keys: readonly number[], description: string): object => ({
  ...objectOf(Object.fromEntries(keys.map((key) => [String(key), COUNT]))),
  description,
});
const RATINGS = Array.from({ length: MAX_HALF_STARS }, (_, index) => toRating((index + 1) as HalfStars));
const STARS = Array.from({ length: MAX_STARS + 1 }, (_, stars) => stars);

const statistic = {
  count: COUNT,
  averageRating: {
    type: ['number', 'null'],
    description: 'Sum / count, unrounded; null when the count is 0',
  },
  halfStarCounts: countsOf(RATINGS, 'Reviews by rating'),
  starCounts: countsOf(STARS, 'Half stars floored'),
  lastReviewAt: { type: ['string', 'null'], format: 'date-time' },
  version: {
    type: 'integer',
    minimum: -1,
    description:
      'Receipt: the offset in reviews-valid of the last record included; -1 before the first, for a moment, of the recent window',
  },
};

const submission = {
  required: { userId: { ...IDENTIFIER, example: 'ada' }, rating: { ...RATING, example: 4.5 } },
  optional: {
    title: textOf(MAX_TITLE_LENGTH),
    content: { ...textOf(MAX_CONTENT_LENGTH), description: 'Length in UTF-16 units' },
    courseTitle: {
      ...textOf(MAX_TITLE_LENGTH),
      description: 'The first title seen of a course stays; only an import changes it',
    },
  },
};

const identity = { reviewId: REVIEW_ID, courseId: IDENTIFIER, userId: IDENTIFIER };
const content = {
  rating: RATING,
  title: { type: ['string', 'null'] },
  content: { type: ['string', 'null'] },
  createdAt: { ...DATE_TIME, description: 'When it was first written' },
  modifiedAt: { ...DATE_TIME, description: 'When what it says now was written' },
};

/** Everything that goes over HTTP, as JSON Schema, by name. */
export const SCHEMAS = {
  SubmitReview: objectOf(submission.required, submission.optional),
  SubmittedReview: objectOf({
    ...identity,
    rating: RATING,
    submittedAt: { ...DATE_TIME, description: "The broker's time" },
    position: POSITION,
  }),
  WithdrawnReview: objectOf({ reviewId: REVIEW_ID, position: POSITION }),
  Review: {
    oneOf: ['PublishedReview', 'HeldReview', 'RetractedReview'].map((name) => ({
      $ref: `#/components/schemas/${name}`,
    })),
  },
  PublishedReview: objectOf({ ...identity, status: { const: 'published' }, ...content }, { stale: STALE }),
  HeldReview: objectOf(
    {
      ...identity,
      status: { const: 'held' },
      ...content,
      verdict: objectOf({
        score: { type: 'integer', minimum: 0, maximum: 100, description: 'Suspicion, 100 being certain' },
        reasons: { type: 'array', items: { type: 'string' }, description: 'At least one, for machines' },
        detector: { type: 'string' },
        detectorVersion: { type: 'string' },
      }),
    },
    { stale: STALE },
  ),
  RetractedReview: objectOf({ ...identity, status: { const: 'withdrawn' } }, { stale: STALE }),
  ReviewPage: objectOf({
    reviews: { type: 'array', items: { $ref: '#/components/schemas/PublishedReview' } },
    nextCursor: NEXT_CURSOR,
  }),
  CourseStatistics: objectOf(
    {
      courseId: IDENTIFIER,
      courseTitle: { type: ['string', 'null'] },
      allTime: objectOf(statistic),
      recent: objectOf({
        ...statistic,
        windowDays: { const: WINDOW_DAYS },
        windowStart: { type: 'string', format: 'date', description: 'First UTC day, inclusive' },
        windowEnd: { type: 'string', format: 'date', description: 'Last UTC day, inclusive' },
      }),
      updatedAt: { ...DATE_TIME, description: 'When either of them last changed' },
    },
    { stale: STALE },
  ),
  CoursePage: objectOf({
    courses: { type: 'array', items: { $ref: '#/components/schemas/CourseStatistics' } },
    nextCursor: NEXT_CURSOR,
  }),
  ImportRow: objectOf(
    { courseId: IDENTIFIER, ...submission.required },
    {
      ...submission.optional,
      createdAt: {
        type: ['string', 'null'],
        format: 'date-time',
        description: 'From 2000-01-01 to 24 h ahead',
      },
      submissionId: {
        ...IDEMPOTENCY_KEY_SCHEMA,
        type: ['string', 'null'],
        description: 'Like an Idempotency-Key',
      },
    },
  ),
  RefusedRow: objectOf({
    line: { type: 'integer', minimum: 1 },
    reason: { type: 'string' },
    field: { type: ['string', 'null'], description: 'The first bad field; null when the whole line is bad' },
  }),
  ImportSummary: objectOf({
    accepted: COUNT,
    refused: COUNT,
    complete: {
      type: 'boolean',
      description: 'False when Kafka was lost midway: import the same file again',
    },
  }),
  Problem: objectOf(
    {
      type: { type: 'string', example: 'about:blank' },
      title: { type: 'string', example: 'Bad Request' },
      status: { type: 'integer', example: 400 },
      detail: { type: 'string', example: 'rating must be a number, 0.5 to 5 in half stars' },
      requestId: { type: 'string', pattern: REQUEST_ID_PATTERN.source, description: 'As in X-Request-Id' },
    },
    {
      errors: {
        type: 'array',
        description: 'One entry per bad field',
        items: objectOf({ field: { type: 'string' }, reason: { type: 'string' } }),
      },
      stale: STALE,
    },
  ),
  Liveness: objectOf({ status: { const: 'alive' } }),
  Readiness: objectOf({
    status: { enum: ['ready', 'not-ready'] },
    checks: {
      type: 'array',
      items: objectOf(
        { name: { type: 'string' }, status: { enum: ['ok', 'failed'] } },
        { error: { type: 'string' } },
      ),
    },
  }),
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/** A schema where the document uses it. */
export const schemaRef = (name: SchemaName): { $ref: string } => ({
  $ref: `#/components/schemas/${name}`,
});
