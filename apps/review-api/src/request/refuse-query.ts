import { readQuery } from './read-query.js';
import { requireFields } from './require-fields.js';

/** The part of a request that says what is asked for. */
export interface QueriedRequest {
  readonly url: string;
  readonly query: unknown;
}

/** @throws ProblemError 400 with one entry per parameter, of which there may be none */
export const refuseQuery = (request: QueriedRequest): void => {
  // Nearly none has one, and Fastify reads it only when it is asked for. Its router takes a # for the beginning, too.
  if (/[?#]/.test(request.url)) requireFields(readQuery(request.query as Record<string, unknown>, {}));
};
