import {
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  parseCourseId,
  parseRating,
  parseUserId,
  type CourseId,
  type HalfStars,
  type UserId,
} from '@reviews/domain';
import { accept, refuse, type FieldResult, type FieldRule } from './read-fields.js';

const IDENTIFIER_REASON = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ ~ -, and not . or ..';
/** What PostgreSQL can hold. */
export const TEXT_PATTERN = /^[^\0]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

export const courseIdRule: FieldRule<CourseId> = (value) => identifier(value, parseCourseId);
export const userIdRule: FieldRule<UserId> = (value) => identifier(value, parseUserId);

const ratingRule: FieldRule<HalfStars> = (value) => {
  if (value === undefined) return refuse('is required');
  const halfStars = typeof value === 'number' ? parseRating(value) : undefined;
  return halfStars === undefined ? refuse('must be a number, 0.5 to 5 in half stars') : accept(halfStars);
};

/** Text that may be absent, which null is as well. */
const optionalText =
  (maxLength: number): FieldRule<string | null> =>
  (value) => {
    if (value === undefined || value === null) return accept(null);
    if (typeof value !== 'string') return refuse('must be a text');
    if (value.length > maxLength) return refuse(`must be at most ${maxLength} characters`);
    // PostgreSQL cannot hold U+0000, UTF-8 no half of a pair: both would come back as something else or not at all.
    if (!TEXT_PATTERN.test(value)) return refuse('must not contain the character U+0000');
    if (LONE_SURROGATE.test(value)) return refuse('must be well-formed Unicode: half of a surrogate pair');
    return accept(value);
  };

/** The body of a submission. */
export const submissionRules = {
  userId: userIdRule,
  rating: ratingRule,
  title: optionalText(MAX_TITLE_LENGTH),
  content: optionalText(MAX_CONTENT_LENGTH),
  courseTitle: optionalText(MAX_TITLE_LENGTH),
} as const;

const identifier = <Id>(value: unknown, parse: (text: string) => Id | undefined): FieldResult<Id> => {
  if (value === undefined) return refuse('is required');
  const id = typeof value === 'string' ? parse(value) : undefined;
  return id === undefined ? refuse(IDENTIFIER_REASON) : accept(id);
};
