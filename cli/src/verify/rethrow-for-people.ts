import { ReadModelError } from '@reviews/read-model';
import { CliError } from '../cli-error.js';
import { rethrowLogErrorsForPeople } from './rethrow-log-errors-for-people.js';

/** Errors of Kafka, registry and database as one sentence each; everything else is our bug and keeps its trace. */
export const rethrowForPeople = (cause: unknown): never => {
  if (cause instanceof ReadModelError) throw new CliError(cause.message, { cause });
  return rethrowLogErrorsForPeople(cause);
};
