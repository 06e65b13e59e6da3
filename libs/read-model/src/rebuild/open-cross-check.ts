import { databaseSchemaOf } from '../database-schema.js';
import type { DatabaseOptions } from '../migrate.js';
import { tablesIn } from '../tables.js';
import { crossCheck, type CrossCheck } from './cross-check.js';
import { openSession } from './session.js';

/** The tables in use, for a look at whether they agree. */
export interface OpenCrossCheck {
  /** See {@link crossCheck}. @throws ReadModelError */
  check(courses?: readonly string[]): Promise<CrossCheck>;
  close(): Promise<void>;
}

/** On a connection of its own, whose statements may take as long as they take. @throws ReadModelError */
export const openCrossCheck = async ({
  databaseUrl,
  topicPrefix,
}: DatabaseOptions): Promise<OpenCrossCheck> => {
  const session = await openSession(databaseUrl);
  const tables = tablesIn(databaseSchemaOf(topicPrefix));
  return { check: (courses) => crossCheck(session.query, tables, courses), close: () => session.close() };
};
