import {
  databaseConfig,
  serviceConfig,
  type DatabaseConfig,
  type Environment,
  type ServiceConfig,
} from '@reviews/platform';

const DEFAULT_PORT = 3000;

/** The options of review-api: those of every service, `PORT` being 3000 by default, and the database. */
export type ReviewApiConfig = ServiceConfig & DatabaseConfig;

/** @throws ConfigurationError */
export const reviewApiConfig = (env: Environment): ReviewApiConfig =>
  Object.freeze({ ...serviceConfig(env, DEFAULT_PORT), ...databaseConfig(env) });
