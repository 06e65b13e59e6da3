import { NDJSON_MEDIA_TYPE } from '../imports/ndjson-body.js';
import type { MediaType, Operation } from './document.js';
import { IMPORT_ANSWER_EXAMPLE, IMPORT_EXAMPLE } from './examples.js';
import { schemaRef } from './schemas.js';

const linesOf = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** OpenAPI 3.1 has no words for a text of one JSON object per line: 3.2 calls it itemSchema. */
const lines = (itemSchema: object, rows: readonly object[]): MediaType => ({
  schema: { type: 'string', 'x-itemSchema': itemSchema },
  example: linesOf(rows),
});

const answer = (description: string, schema: 'Liveness' | 'Readiness') => ({
  description,
  content: { 'application/json': { schema: schemaRef(schema) } },
});

/** The answer to an import. */
const importAnswer = lines(
  { anyOf: [schemaRef('RefusedRow'), schemaRef('ImportSummary')] },
  IMPORT_ANSWER_EXAMPLE,
);

/** What decorators cannot say of routes: of bodies that are no JSON, and of those every service has. */
export const ROUTES: Readonly<Record<string, Partial<Operation>>> = {
  'POST /v1/imports/reviews': {
    requestBody: {
      required: true,
      content: { [NDJSON_MEDIA_TYPE]: lines(schemaRef('ImportRow'), IMPORT_EXAMPLE) },
    },
    responses: {
      200: {
        description: 'One line per refused row while the file comes in, and at the end the summary',
        content: { [NDJSON_MEDIA_TYPE]: importAnswer },
      },
    },
  },
  'GET /health/live': {
    operationId: 'readLiveness',
    summary: 'Whether the process runs',
    tags: ['operation'],
    responses: { 200: answer('It does', 'Liveness') },
  },
  'GET /health/ready': {
    operationId: 'readReadiness',
    summary: 'Whether Kafka, the schema registry and PostgreSQL answer',
    tags: ['operation'],
    responses: { 200: answer('They do', 'Readiness'), 503: answer('At least one does not', 'Readiness') },
  },
  'GET /metrics': {
    operationId: 'readMetrics',
    summary: "The process's metrics, for Prometheus",
    tags: ['operation'],
    responses: {
      200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
    },
  },
};
