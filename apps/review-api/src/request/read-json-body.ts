import { Readable } from 'node:stream';
import { problemOf, ProblemError } from '@reviews/platform';
import { isJsonObject, readFields, type FieldRule, type FieldsResult } from './read-fields.js';

/**
 * The fields of a request's JSON body.
 *
 * @throws ProblemError 415 when the body is a stream, which only imports take
 */
export const readJsonBody = <Rules extends Readonly<Record<string, FieldRule<unknown>>>>(
  body: unknown,
  rules: Rules,
): ReturnType<typeof readFields<Rules>> => {
  if (body instanceof Readable) throw new ProblemError(problemOf(415, 'The body must be application/json.'));
  return isJsonObject(body) ? readFields(body, rules) : NO_OBJECT;
};

const NO_OBJECT: Extract<FieldsResult<never>, { ok: false }> = {
  ok: false,
  errors: [{ field: 'body', reason: 'body must be a JSON object' }],
};
