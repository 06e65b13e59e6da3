import type { ApiQueryOptions } from '@nestjs/swagger';
import { CURSOR_PATTERN, MAX_CURSOR_LENGTH } from '../paging/cursor.js';
import { DEFAULT_LIMIT, MAX_LIMIT, MAX_QUERY_LENGTH } from '../paging/page-rules.js';
import { TEXT_PATTERN } from '../request/review-rules.js';
import { MAX_STARS } from '../reviews/stars-rule.js';
import { POSITION, regExpText } from './schemas.js';

const SEARCH_SYNTAX =
  'All of the words, whole and in any case; "some words" next to each other, `or`, and - before a word that must not be there.';

/** The command an answer must include. */
export const AFTER: ApiQueryOptions = {
  name: 'after',
  required: false,
  description: `Waits, at most two seconds, until the answer includes this command, whatever became of it. An answer that does not says \`"stale": true\`, a 404 too.`,
  schema: POSITION,
};

export const LIMIT: ApiQueryOptions = {
  name: 'limit',
  required: false,
  description: 'How many entries at most',
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, example: 50 },
};

export const CURSOR: ApiQueryOptions = {
  name: 'cursor',
  required: false,
  description:
    'The `nextCursor` of a page that was asked for with the same parameters; only `limit` may be another. It can neither be made nor be changed by clients.',
  schema: { type: 'string', maxLength: MAX_CURSOR_LENGTH, pattern: CURSOR_PATTERN.source },
};

const searchFor = (what: string): ApiQueryOptions => ({
  name: 'q',
  required: false,
  description: `${what} ${SEARCH_SYNTAX}`,
  schema: {
    type: 'string',
    minLength: 1,
    maxLength: MAX_QUERY_LENGTH,
    pattern: regExpText(TEXT_PATTERN),
    example: 'clear "real examples" -slow',
  },
});

export const REVIEW_SEARCH = searchFor('Only reviews whose title and content match.');
export const COURSE_SEARCH = searchFor('Only courses whose title or id match.');

export const STARS: ApiQueryOptions = {
  name: 'stars',
  required: false,
  description: 'Only these ratings; half stars are floored, as in `starCounts`',
  style: 'form',
  explode: false,
  schema: {
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: MAX_STARS },
    minItems: 1,
    maxItems: MAX_STARS + 1,
    uniqueItems: true,
    example: [4, 5],
  },
};

const sortOf = (sorts: readonly string[], description: string): ApiQueryOptions => ({
  name: 'sort',
  required: false,
  description,
  schema: { type: 'string', enum: [...sorts], default: sorts[0] },
});

export const reviewSort = (sorts: readonly string[]): ApiQueryOptions =>
  sortOf(
    sorts,
    'By `createdAt`: newest, oldest first. By rating: highest first and of those the newest, lowest first and of those the oldest.',
  );

export const courseSort = (sorts: readonly string[]): ApiQueryOptions =>
  sortOf(
    sorts,
    'By the mean rating of the recent window or of all time and then by number of reviews, by number of reviews, by title or where there is none by id.',
  );
