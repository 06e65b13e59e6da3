import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { ReadModelError, type ReadModelErrorCode } from './read-model-error.js';

/** Classes of SQLSTATE that pass: connections, rollbacks, resources, operator intervention, system errors. */
const PASSING_CLASSES = ['08', '40', '53', '57', '58'];
/** Refused at the door: a database that is being set up, or a password that is being changed. */
const REFUSED_AT_LOGIN = ['28000', '28P01', '3D000'];
/** A write on a standby: the connection still leads to the server that was replaced. */
const READ_ONLY = '25006';
/** What stood still for too long, or waited for a lock for too long: the server has rolled it back. */
const TIMED_OUT = ['25P03', '25P04', '55P03'];
const PASSING_STATES = [...REFUSED_AT_LOGIN, READ_ONLY, ...TIMED_OUT];
/** A host with several addresses fails with one error for each. */
const PLAIN_ERRORS = ['Error', 'AggregateError'];
const MISSING_TABLES = ['3F000', '42P01', '42703'];

/** The one place that knows what errors PostgreSQL, its client and the network have. */
export const classifyDatabaseError = (error: unknown): ReadModelError => {
  if (error instanceof ReadModelError) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = codeOf(cause);
  return new ReadModelError(code, messageOf(code, reasonOf(cause)), { cause });
};

const codeOf = (cause: unknown): ReadModelErrorCode => {
  if (cause instanceof DatabaseError) return codeOfSqlState(cause.code ?? '');
  // Sockets and the client itself fail with plain errors: nothing was heard from the database.
  const isPlain = isError(cause) && PLAIN_ERRORS.includes(cause.name);
  return isPlain ? 'DATABASE_UNAVAILABLE' : 'QUERY_REFUSED';
};

const codeOfSqlState = (sqlState: string): ReadModelErrorCode => {
  if (MISSING_TABLES.includes(sqlState)) return 'NOT_MIGRATED';
  const passes = PASSING_CLASSES.includes(sqlState.slice(0, 2)) || PASSING_STATES.includes(sqlState);
  return passes ? 'DATABASE_UNAVAILABLE' : 'QUERY_REFUSED';
};

const messageOf = (code: ReadModelErrorCode, reason: string): string => {
  switch (code) {
    case 'DATABASE_UNAVAILABLE':
      return `PostgreSQL is not available: ${reason}`;
    case 'NOT_MIGRATED':
      return `The tables are missing or outdated, run the set-up: ${reason}`;
    case 'POSITION_GAP':
    case 'REBUILD_RUNS':
    case 'REBUILD_IMPOSSIBLE':
    case 'REBUILD_BEHIND':
    case 'QUERY_REFUSED':
      return `A query failed: ${reason}`;
  }
};

const reasonOf = (cause: unknown): string => {
  if (!isError(cause)) return String(cause);
  const reasons = 'errors' in cause && Array.isArray(cause.errors) ? cause.errors.map(reasonOf) : [];
  return cause.message === '' ? reasons.join('; ') : cause.message;
};

// By its shape: an error of another realm is no instance of this one's Error.
const isError = (cause: unknown): cause is Error =>
  typeof cause === 'object' && cause !== null && 'name' in cause && 'message' in cause;
