import type { Brand } from './brand.js';

/** 1 to 64 characters of `A-Za-z0-9._~-` (RFC 3986 unreserved), not `.` or `..`. */
export type CourseId = Brand<string, 'CourseId'>;
/** Same alphabet and length as {@link CourseId}. */
export type UserId = Brand<string, 'UserId'>;
/** UUIDv5 (RFC 9562) of course and user, lower case: one review per user and course. */
export type ReviewId = Brand<string, 'ReviewId'>;
/** Names one attempt to submit or withdraw: 32 lower-case hexadecimal digits. The same id twice is one attempt. */
export type SubmissionId = Brand<string, 'SubmissionId'>;
/** Digest of what a learner wrote: 32 lower-case hexadecimal digits. Equal digests are the same content. */
export type ContentHash = Brand<string, 'ContentHash'>;

/** What course and user ids are made of. */
export const IDENTIFIER_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/;

/** The course id, or undefined when the text is not one. */
export const parseCourseId = (text: string): CourseId | undefined =>
  IDENTIFIER_PATTERN.test(text) ? (text as CourseId) : undefined;

/** The user id, or undefined when the text is not one. */
export const parseUserId = (text: string): UserId | undefined =>
  IDENTIFIER_PATTERN.test(text) ? (text as UserId) : undefined;
