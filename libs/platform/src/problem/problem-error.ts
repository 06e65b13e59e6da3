import { problemOf, type FieldError, type Problem } from './problem.js';

/** Thrown by controllers: the request ends with this problem, and nothing is logged. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Response headers that belong to the problem, for example `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ProblemError';
    this.problem = problem;
    this.headers = headers;
  }
}

/** More say nothing new, and an answer must not be many times as long as its request. */
export const MAX_FIELD_ERRORS = 32;

/** 400 for a request with bad fields: the first of them. */
export const badRequest = (all: readonly FieldError[]): ProblemError => {
  const errors = all.slice(0, MAX_FIELD_ERRORS);
  const detail = errors.map(({ reason }) => reason).join('; ');
  return new ProblemError({ ...problemOf(400, detail), errors });
};

/** 404 for something that is not there. */
export const notFound = (detail: string): ProblemError => new ProblemError(problemOf(404, detail));

/** 404 for something that is not there yet, although it may be soon. */
export const notFoundYet = (detail: string): ProblemError =>
  new ProblemError({ ...problemOf(404, detail), stale: true });

/** 405 with the methods there are. */
export const methodNotAllowed = (method: string, allowed: readonly string[]): ProblemError =>
  new ProblemError(problemOf(405, `${method} is not a method of this address.`), {
    allow: allowed.join(', '),
  });

/** 503 for what may work again soon. */
export const unavailable = (detail: string, retryAfterSeconds: number, cause?: unknown): ProblemError =>
  new ProblemError(problemOf(503, detail), { 'retry-after': String(retryAfterSeconds) }, { cause });
