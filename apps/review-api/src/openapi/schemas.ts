import { IDENTIFIER_PATTERN, MAX_CONTENT_LENGTH, MAX_TITLE_LENGTH } from '@reviews/domain';

/** Course and user ids. */
export const IDENTIFIER = { type: 'string', pattern: IDENTIFIER_PATTERN.source } as const;

/** Where a command stands in `reviews`. */
export const POSITION = {
  type: 'string',
  example: 'reviews:2:4711',
  description: 'Give it to `after` to read statistics that include this command.',
} as const;

const REVIEW_ID = { type: 'string', format: 'uuid' } as const;
const DATE_TIME = { type: 'string', format: 'date-time' } as const;
const COUNTS = { type: 'object', additionalProperties: { type: 'integer' } } as const;

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

const statistic = {
  count: { type: 'integer' },
  averageRating: {
    type: ['number', 'null'],
    description: 'Sum / count, unrounded; null when the count is 0',
  },
  halfStarCounts: { ...COUNTS, description: 'Reviews by rating: always the ten keys 0.5, 1, 1.5 … 5' },
  starCounts: { ...COUNTS, description: 'Half stars floored: always the six keys 0 … 5' },
  lastReviewAt: { type: ['string', 'null'], format: 'date-time' },
  version: {
    type: 'integer',
    description: 'Receipt: the offset in reviews-valid of the last record included',
  },
};

/** Everything that goes over HTTP, as JSON Schema, by name. */
export const SCHEMAS = {
  SubmitReview: objectOf(
    {
      userId: { ...IDENTIFIER, example: 'ada' },
      rating: { type: 'number', minimum: 0.5, maximum: 5, multipleOf: 0.5, example: 4.5 },
    },
    {
      title: { type: ['string', 'null'], maxLength: MAX_TITLE_LENGTH },
      content: {
        type: ['string', 'null'],
        maxLength: MAX_CONTENT_LENGTH,
        description: 'Length in UTF-16 units',
      },
      courseTitle: {
        type: ['string', 'null'],
        maxLength: MAX_TITLE_LENGTH,
        description: 'The first title seen of a course stays; only an import changes it',
      },
    },
  ),
  SubmittedReview: objectOf({
    reviewId: REVIEW_ID,
    courseId: IDENTIFIER,
    userId: IDENTIFIER,
    rating: { type: 'number' },
    submittedAt: { ...DATE_TIME, description: "The broker's time" },
    position: POSITION,
  }),
  WithdrawnReview: objectOf({ reviewId: REVIEW_ID, position: POSITION }),
  CourseStatistics: objectOf(
    {
      courseId: IDENTIFIER,
      courseTitle: { type: ['string', 'null'] },
      allTime: objectOf(statistic),
      recent: objectOf({
        ...statistic,
        windowDays: { type: 'integer' },
        windowStart: { type: 'string', format: 'date', description: 'First UTC day, inclusive' },
        windowEnd: { type: 'string', format: 'date', description: 'Last UTC day, inclusive' },
      }),
      updatedAt: DATE_TIME,
    },
    {
      stale: { const: true, description: 'There when the command named by `after` was not included in time' },
    },
  ),
  Problem: objectOf(
    {
      type: { type: 'string', example: 'about:blank' },
      title: { type: 'string', example: 'Bad Request' },
      status: { type: 'integer', example: 400 },
      detail: { type: 'string', example: 'rating must be a number, 0.5 to 5 in half stars' },
    },
    {
      errors: {
        type: 'array',
        description: 'One entry per bad field',
        items: objectOf({ field: { type: 'string' }, reason: { type: 'string' } }),
      },
    },
  ),
} as const;

/** A schema where the document uses it. */
export const schemaRef = (name: keyof typeof SCHEMAS): { $ref: string } => ({
  $ref: `#/components/schemas/${name}`,
});
