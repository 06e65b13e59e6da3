import { MAX_POSITION_LENGTH } from '@reviews/read-model';

const HOW_IT_WORKS = `Each \`statistics\` event has the answer of \`GET …/statistics\` as its data; of a course that changes often, at
most ten come in a second. Its \`id\` says what was sent up to it. Whoever connects again with the last id in \`Last-Event-ID\`, as
browsers do by themselves, misses nothing; a change may come twice, never an older one after a newer. An event of which others follow
that belong together with it has no id. A line that begins with a colon comes every 15 seconds and keeps the connection open.`;

/** What OpenAPI says of the stream of a course. */
export const COURSE_EVENTS = {
  operationId: 'followCourse',
  summary: 'The statistics of a course as they change, as Server-Sent Events',
  description:
    `${HOW_IT_WORKS} The present statistics come first, unless Last-Event-ID says that they are known. A course nobody has
reviewed yet has a stream, too: its first event comes with its first review.`.replaceAll('\n', ' '),
};

/** What OpenAPI says of the stream of all courses. */
export const ALL_EVENTS = {
  operationId: 'followCourses',
  summary: 'The statistics of all courses as they change, as Server-Sent Events',
  description:
    `${HOW_IT_WORKS} Without Last-Event-ID the stream begins with the next change, with it with every course that has changed
since, once each. A \`reset\` event says that the server does not know the id, because it is malformed or of tables that were replaced:
what the client has may be out of date, it reads afresh and goes on listening.`.replaceAll('\n', ' '),
};

const POSITION_SCHEMA = {
  type: 'string',
  maxLength: MAX_POSITION_LENGTH,
  example: '16412-730:735:730',
} as const;

export const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  required: false,
  description: 'The id of the last event the client has got',
  schema: POSITION_SCHEMA,
};

export const LAST_EVENT_ID_PARAMETER = {
  name: 'lastEventId',
  required: false,
  description: 'The same for the first connection of a client that cannot set headers; the header counts',
  schema: POSITION_SCHEMA,
};

const EXAMPLE = `retry: 1234

event: statistics
data: {"courseId":"ts-101","courseTitle":"TypeScript 101","allTime":{"count":1,…},"recent":{…},"updatedAt":"2026-02-28T12:00:00.000Z"}
id: 16412-735:735:

`;

export const EVENT_STREAM = {
  description: 'A stream that does not end by itself. When it is cut off, connect again.',
  content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
} as const;
