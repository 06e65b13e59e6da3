import { requiredUrl, type Environment } from './environment.js';

/** The option of the services that use the database. */
export interface DatabaseConfig {
  /** `DATABASE_URL`: `postgres://user:password@host:port/database`. Required; never logged. */
  readonly databaseUrl: string;
}

/** @throws ConfigurationError when `DATABASE_URL` is missing or not a PostgreSQL URL */
export const databaseConfig = (env: Environment): DatabaseConfig => ({
  databaseUrl: requiredUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
});
