import { allCourseStatistics } from './all-course-statistics.js';
import { statisticsChanges, type StatisticsChanges } from './changed-statistics.js';
import type { StoredCourseStatistics } from './course-statistics-row.js';
import { courseQueries, type CourseQueries } from './course-queries.js';
import { cursorKey } from './cursor-key.js';
import { connectTo } from './database.js';
import { databaseSchemaOf } from './database-schema.js';
import type { DatabaseOptions } from './migrate.js';
import { notificationsOf, type Notifications } from './notifications.js';
import type { ReadModelError } from './read-model-error.js';
import { reviewQueries, type ReviewQueries } from './review-queries.js';
import { sinkStore, type SinkStore } from './sink-store.js';
import { statisticsQueries, type StatisticsQueries } from './statistics-queries.js';
import { tablesOf } from './tables.js';

const DEFAULT_POOL_SIZE = 10;

export interface ReadModelOptions extends DatabaseOptions {
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** Told each time the connection for notifications is lost or does not come about. */
  readonly onNotificationsLost?: (error: ReadModelError) => void;
}

/** What the topics have made of the tables: the sink writes it, the API reads it. */
export interface ReadModel {
  readonly statistics: StatisticsQueries;
  readonly reviews: ReviewQueries;
  readonly courses: CourseQueries;
  readonly changes: StatisticsChanges;
  /** One for each transaction of the sink, or for several. */
  readonly notifications: Notifications;
  readonly sink: SinkStore;
  /** What places in lists are signed with. A rebuild keeps it; another database has another. @throws ReadModelError */
  cursorKey(): Promise<Uint8Array>;
  /**
   * Every row, page by page, also those of which only one statistic was stored; the other has version -1 then. Each row is
   * as it was when its page was read. @throws ReadModelError
   */
  allCourseStatistics(): AsyncIterable<readonly StoredCourseStatistics[]>;
  /** Resolves when the database answers and has the tables. @throws ReadModelError */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects when it is first asked something, so that a service can start before its database. */
export const createReadModel = (options: ReadModelOptions): ReadModel => {
  const { databaseUrl, topicPrefix, poolSize, onNotificationsLost } = options;
  const schema = databaseSchemaOf(topicPrefix);
  const notifications = notificationsOf(databaseUrl, schema, onNotificationsLost);
  const database = connectTo(databaseUrl, poolSize ?? DEFAULT_POOL_SIZE);
  const tables = tablesOf(topicPrefix);
  return {
    statistics: statisticsQueries(database.query, tables),
    reviews: reviewQueries(database.query, tables),
    courses: courseQueries(database.query, tables),
    cursorKey: () => cursorKey(database.query, tables),
    changes: statisticsChanges(database.query, tables),
    notifications,
    sink: sinkStore(database, schema),
    allCourseStatistics: () => allCourseStatistics(database.query, tables),
    async ping() {
      for (const table of Object.values(tables)) await database.query(`select from ${table} limit 0`);
    },
    async close() {
      await notifications.close();
      await database.close();
    },
  };
};
