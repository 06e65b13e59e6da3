import {
  databaseConfig,
  serviceConfig,
  type DatabaseConfig,
  type Environment,
  type ServiceConfig,
} from '@reviews/platform';

const DEFAULT_PORT = 3003;

/** The options of stats-sink: those of every service, `PORT` being 3003 by default, and the database. */
export type StatsSinkConfig = ServiceConfig & DatabaseConfig;

/** @throws ConfigurationError */
export const statsSinkConfig = (env: Environment): StatsSinkConfig =>
  Object.freeze({ ...serviceConfig(env, DEFAULT_PORT), ...databaseConfig(env) });
