import { databaseSchemaOf } from './database-schema.js';

/** Qualified names of an installation's tables, ready for SQL. */
export interface Tables {
  readonly courseStatistics: string;
  readonly reviews: string;
  readonly sinkPositions: string;
  readonly aggregatorProgress: string;
  readonly fraudDetectorProgress: string;
  readonly cursorKey: string;
}

// Qualified rather than found through search_path: a connection pooler may drop settings of a session.
export const tablesOf = (topicPrefix: string): Tables => tablesIn(databaseSchemaOf(topicPrefix));

/** The tables of a PostgreSQL schema. */
export const tablesIn = (schema: string): Tables => ({
  courseStatistics: `${schema}.course_statistics`,
  reviews: `${schema}.reviews`,
  sinkPositions: `${schema}.sink_positions`,
  aggregatorProgress: `${schema}.aggregator_progress`,
  fraudDetectorProgress: `${schema}.fraud_detector_progress`,
  cursorKey: `${schema}.cursor_key`,
});
