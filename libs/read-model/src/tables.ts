import { databaseSchemaOf } from './database-schema.js';

/** Qualified names of an installation's tables, ready for SQL. */
export interface Tables {
  readonly courseStatistics: string;
  readonly sinkPositions: string;
  readonly aggregatorProgress: string;
}

// Qualified rather than found through search_path: a connection pooler may drop settings of a session.
export const tablesOf = (topicPrefix: string): Tables => {
  const schema = databaseSchemaOf(topicPrefix);
  return {
    courseStatistics: `${schema}.course_statistics`,
    sinkPositions: `${schema}.sink_positions`,
    aggregatorProgress: `${schema}.aggregator_progress`,
  };
};
