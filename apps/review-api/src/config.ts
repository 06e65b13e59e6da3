import {
  databaseConfig,
  integerOr,
  serviceConfig,
  type DatabaseConfig,
  type Environment,
  type ServiceConfig,
} from '@reviews/platform';

const DEFAULT_PORT = 3000;

/** The options of review-api: those of every service, `PORT` being 3000 by default, the database, and its own. */
export type ReviewApiConfig = ServiceConfig & DatabaseConfig & LiveConfig;

/** How live updates are served. */
export interface LiveConfig {
  /** `MAX_EVENT_STREAMS`: streams of events open at a time; each takes a socket. More are answered 503. Default: 10,000. */
  readonly maxEventStreams: number;
}

/** @throws ConfigurationError */
export const reviewApiConfig = (env: Environment): ReviewApiConfig =>
  Object.freeze({
    ...serviceConfig(env, DEFAULT_PORT),
    ...databaseConfig(env),
    maxEventStreams: integerOr(env, 'MAX_EVENT_STREAMS', 10_000, { min: 0, max: 1_000_000 }),
  });
