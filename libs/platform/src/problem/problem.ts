import { STATUS_CODES } from 'node:http';

/** The media type of {@link Problem}. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What is wrong with one field of a request, in words that can stand alone: they name the field. */
export interface FieldError {
  readonly field: string;
  readonly reason: string;
}

/** An error as clients see it (RFC 9457), with one entry per bad field. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** True when it may be otherwise soon: the answer does not include yet what the client said it must. */
  readonly stale?: true;
}

/** A problem as it is sent: with the name of the request, to be found in the log. */
export interface SentProblem extends Problem {
  readonly requestId: string;
}

/** A problem that says no more than its status and a sentence. */
export const problemOf = (status: number, detail: string): Problem => ({
  // RFC 9457: about:blank means that the title is the status's own phrase.
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
});
