import type { SchemaName } from './schemas.js';

const REVIEW_ID = '6a9c0f0e-54c1-5f0b-9c3e-2f6a1f0f7d11';
const POSITION = 'reviews:2:4711';
const WRITTEN_AT = '2026-02-28T12:00:00.000Z';
const REQUEST_ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

const identity = { reviewId: REVIEW_ID, courseId: 'ts-101', userId: 'ada' };
const content = {
  rating: 4.5,
  title: 'Clear from the first minute',
  content: 'Every chapter ends with an exercise that is worth the time.',
  createdAt: WRITTEN_AT,
  modifiedAt: '2026-03-02T08:30:00.000Z',
};
const publishedReview = { ...identity, status: 'published', ...content };

const statistic = {
  count: 3,
  averageRating: 4.166666666666667,
  halfStarCounts: { '0.5': 0, 1: 0, 1.5: 0, 2: 0, 2.5: 0, 3: 0, 3.5: 1, 4: 0, 4.5: 2, 5: 0 },
  starCounts: { 0: 0, 1: 0, 2: 0, 3: 1, 4: 2, 5: 0 },
  lastReviewAt: WRITTEN_AT,
  version: 4712,
};
const courseStatistics = {
  courseId: 'ts-101',
  courseTitle: 'TypeScript from scratch',
  allTime: statistic,
  recent: { ...statistic, windowDays: 90, windowStart: '2025-12-01', windowEnd: '2026-02-28' },
  updatedAt: WRITTEN_AT,
};

/** What goes over HTTP, for people to see. */
export const EXAMPLES: Readonly<Partial<Record<SchemaName, unknown>>> = {
  SubmitReview: {
    userId: 'ada',
    rating: 4.5,
    title: content.title,
    content: content.content,
    courseTitle: courseStatistics.courseTitle,
  },
  SubmittedReview: { ...identity, rating: 4.5, submittedAt: WRITTEN_AT, position: POSITION },
  WithdrawnReview: { reviewId: REVIEW_ID, position: POSITION },
  Review: {
    ...identity,
    status: 'held',
    ...content,
    verdict: { score: 93, reasons: ['rating-burst'], detector: 'rules', detectorVersion: '1' },
  },
  ReviewPage: { reviews: [publishedReview], nextCursor: 'hM1m0q5xkq1X9yq3vGmYkVsiMjAyNi0wMi0yOFQxMiJd' },
  CourseStatistics: courseStatistics,
  CoursePage: { courses: [courseStatistics], nextCursor: null },
  Liveness: { status: 'alive' },
  Readiness: { status: 'ready', checks: [{ name: 'kafka', status: 'ok' }] },
};

const problem = (status: number, title: string, detail: string): object => ({
  type: 'about:blank',
  title,
  status,
  detail,
  requestId: REQUEST_ID,
});

/** A problem of each status that is answered. */
export const PROBLEM_EXAMPLES: Readonly<Record<number, object>> = {
  400: {
    ...problem(400, 'Bad Request', 'limit must be a whole number from 1 to 100'),
    errors: [{ field: 'limit', reason: 'limit must be a whole number from 1 to 100' }],
  },
  404: problem(404, 'Not Found', 'Course ts-101 has no reviews.'),
  408: problem(408, 'Request Timeout', 'The body took too long to come in.'),
  413: problem(413, 'Payload Too Large', 'Request body is too large'),
  415: problem(415, 'Unsupported Media Type', 'The body must be application/json.'),
  503: problem(503, 'Service Unavailable', 'The database does not answer. Repeat the request.'),
};

/** Two rows of a file. */
export const IMPORT_EXAMPLE = [
  { courseId: 'ts-101', userId: 'ada', rating: 4.5, title: content.title, createdAt: '2025-11-03T09:00:00Z' },
  { courseId: 'ts-101', userId: 'grace', rating: 7, submissionId: 'row-2' },
];

/** What is answered to them. */
export const IMPORT_ANSWER_EXAMPLE = [
  { line: 2, reason: 'rating must be a number, 0.5 to 5 in half stars', field: 'rating' },
  { accepted: 1, refused: 1, complete: true },
];
