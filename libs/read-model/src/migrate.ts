import { DataSource, type QueryRunner } from 'typeorm';
import { classifyDatabaseError } from './classify-database-error.js';
import type { RunQuery } from './database.js';
import { databaseSchemaOf } from './database-schema.js';
import { CreateReviews1763800000000 } from './migrations/create-reviews.js';
import { CreateStatistics1763700000000 } from './migrations/create-statistics.js';

/** Which database, and which installation's tables in it. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly databaseUrl: string;
  /** TOPIC_PREFIX: each has tables of its own. */
  readonly topicPrefix: string;
}

const MIGRATIONS = [CreateStatistics1763700000000, CreateReviews1763800000000];

/**
 * Creates the tables or brings them up to date. Any number of processes may do so at once.
 *
 * @throws ReadModelError
 */
export const migrate = ({ databaseUrl, topicPrefix }: DatabaseOptions): Promise<void> =>
  migrateSchema(databaseUrl, databaseSchemaOf(topicPrefix));

/** The same for the tables of one PostgreSQL schema. */
export const migrateSchema = async (databaseUrl: string, schema: string): Promise<void> => {
  const database = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema,
    applicationName: 'course-reviews migrations',
    connectTimeoutMS: 5_000,
    synchronize: false,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
  });
  try {
    await database.initialize();
    await withMigrationLock(database, schema, async (queryRunner) => {
      await queryRunner.query(`create schema if not exists ${schema}`);
      await database.runMigrations();
    });
  } catch (error) {
    throw classifyDatabaseError(error);
  } finally {
    if (database.isInitialized) await database.destroy();
  }
};

const lockKeyOf = (schema: string): string => `course-reviews migrations of ${schema}`;

/** Keeps migrations of a schema away until the transaction ends. */
export const lockMigrations = async (query: RunQuery, schema: string): Promise<void> => {
  await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockKeyOf(schema)]);
};

// A lock of the session: the database takes it back when its holder dies.
const withMigrationLock = async (
  database: DataSource,
  schema: string,
  work: (queryRunner: QueryRunner) => Promise<void>,
): Promise<void> => {
  const queryRunner = database.createQueryRunner();
  const key = [lockKeyOf(schema)];
  try {
    await queryRunner.query('select pg_advisory_lock(hashtextextended($1, 0))', key);
    await work(queryRunner);
    await queryRunner.query('select pg_advisory_unlock(hashtextextended($1, 0))', key);
  } finally {
    await queryRunner.release();
  }
};
