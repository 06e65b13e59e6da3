import { isIPv4 } from 'node:net';
import { DEFAULT_DEAD_LETTER_LIMIT, DEFAULT_LIMITS } from '@reviews/streams';
import {
  choiceOr,
  ConfigurationError,
  flagOf,
  integerOr,
  requiredList,
  requiredUrl,
  textOr,
  type Environment,
} from './environment.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MAX_PARTITIONS = 10_000;
const MAX_TIMEOUT_MS = 900_000;
const MAX_DEAD_LETTERS_PER_MINUTE = 1_000_000;
/** What Kafka allows in a topic name, short enough to leave room for our longest one. */
const TOPIC_PREFIX_PATTERN = /^[A-Za-z0-9._-]{0,100}$/;

/** The options all services have. Services add their own with the functions of `environment.ts`. */
export interface ServiceConfig extends HttpConfig, GroupTimings, TaskLimits {
  /** `KAFKA_BROKERS`: comma-separated `host:port`, at least one. Required. */
  readonly kafkaBrokers: readonly string[];
  /** `SCHEMA_REGISTRY_URL`: base URL of the schema registry, with its `/apis/ccompat/v7` path if it has one. Required. */
  readonly schemaRegistryUrl: string;
  /** `TOPIC_PREFIX`: goes in front of topics, groups, transactional ids and subjects. Default: empty. */
  readonly topicPrefix: string;
  /** `TOPIC_PARTITIONS`: partitions of every topic, fixed for life. Default: 4. */
  readonly topicPartitions: number;
  /** `LOG_LEVEL`: trace, debug, info, warn, error or fatal. Default: info. */
  readonly logLevel: LogLevel;
}

/** Where a service answers HTTP. */
export interface HttpConfig {
  /** `HOST`: address to listen on. Default: 127.0.0.1; any that is not loopback asks for `ALLOW_UNAUTHENTICATED=true`. */
  readonly host: string;
  /** `PORT`: port to listen on; 0: any free one. The default is the service's own. */
  readonly port: number;
}

/** How long a consumer group waits for its members. Heartbeat < transaction < session ≤ rebalance. */
export interface GroupTimings {
  /** `SESSION_TIMEOUT_MS`: a member not heard of for so long loses its partitions. Default: 10,000. */
  readonly sessionTimeoutMs: number;
  /** `REBALANCE_TIMEOUT_MS`: how long members may take to join again. Default: 30,000. */
  readonly rebalanceTimeoutMs: number;
  /** `TRANSACTION_TIMEOUT_MS`: the broker aborts a transaction that stays open for so long. Default: 8,000. */
  readonly transactionTimeoutMs: number;
  /** `HEARTBEAT_INTERVAL_MS`: time between two heartbeats of a member. Default: 1,000. */
  readonly heartbeatIntervalMs: number;
}

/** How much a task of a stream service takes on. */
export interface TaskLimits {
  /**
   * `TRANSACTION_MAX_RECORDS`: source records in one transaction. Default and most: 50,000, which fits the transaction
   * timeout on a slow machine; fewer commit sooner and cost more. When the source is idle, transactions are small anyway.
   */
  readonly transactionMaxRecords: number;
  /** `DEAD_LETTERS_PER_MINUTE`: a task that cannot read more of the records that arrived within a minute is quarantined; 0: none are tolerated. Default: 100. */
  readonly deadLettersPerMinute: number;
}

/**
 * Reads the options all services have.
 *
 * @param defaultPort the service's own port, when `PORT` is not set
 * @throws ConfigurationError naming the first variable that is missing or wrong
 */
export const serviceConfig = (env: Environment, defaultPort: number): ServiceConfig => {
  const topicPrefix = textOr(env, 'TOPIC_PREFIX', '');
  if (!TOPIC_PREFIX_PATTERN.test(topicPrefix)) {
    throw new ConfigurationError('TOPIC_PREFIX must be at most 100 characters of A-Z a-z 0-9 . _ -.');
  }
  return Object.freeze({
    kafkaBrokers: requiredList(env, 'KAFKA_BROKERS'),
    schemaRegistryUrl: requiredUrl(env, 'SCHEMA_REGISTRY_URL', ['http:', 'https:']),
    topicPrefix,
    topicPartitions: integerOr(env, 'TOPIC_PARTITIONS', 4, { min: 1, max: MAX_PARTITIONS }),
    logLevel: choiceOr(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    ...httpConfig(env, defaultPort),
    ...groupTimings(env),
    ...taskLimits(env),
  });
};

const httpConfig = (env: Environment, defaultPort: number): HttpConfig => {
  const host = textOr(env, 'HOST', '127.0.0.1');
  if (!isLoopback(host) && !flagOf(env, 'ALLOW_UNAUTHENTICATED')) {
    throw new ConfigurationError(
      `HOST is ${JSON.stringify(host)}, which others can reach, and nobody is asked who they are: set ALLOW_UNAUTHENTICATED=true if a proxy or network policy protects it.`,
    );
  }
  return { host, port: integerOr(env, 'PORT', defaultPort, { min: 0, max: 65_535 }) };
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

const groupTimings = (env: Environment): GroupTimings => {
  const timeoutOr = (name: string, fallback: number): number =>
    integerOr(env, name, fallback, { min: 1, max: MAX_TIMEOUT_MS });
  const timings = {
    heartbeatIntervalMs: timeoutOr('HEARTBEAT_INTERVAL_MS', 1_000),
    transactionTimeoutMs: timeoutOr('TRANSACTION_TIMEOUT_MS', 8_000),
    sessionTimeoutMs: timeoutOr('SESSION_TIMEOUT_MS', 10_000),
    rebalanceTimeoutMs: timeoutOr('REBALANCE_TIMEOUT_MS', 30_000),
  };
  if (timings.heartbeatIntervalMs >= timings.transactionTimeoutMs) {
    throw new ConfigurationError('HEARTBEAT_INTERVAL_MS must be less than TRANSACTION_TIMEOUT_MS.');
  }
  if (timings.transactionTimeoutMs >= timings.sessionTimeoutMs) {
    throw new ConfigurationError('TRANSACTION_TIMEOUT_MS must be less than SESSION_TIMEOUT_MS.');
  }
  if (timings.sessionTimeoutMs > timings.rebalanceTimeoutMs) {
    throw new ConfigurationError('SESSION_TIMEOUT_MS must not be more than REBALANCE_TIMEOUT_MS.');
  }
  return timings;
};

const taskLimits = (env: Environment): TaskLimits => {
  const { maxRecords } = DEFAULT_LIMITS;
  const deadLetters = { min: 0, max: MAX_DEAD_LETTERS_PER_MINUTE };
  return {
    transactionMaxRecords: integerOr(env, 'TRANSACTION_MAX_RECORDS', maxRecords, { min: 1, max: maxRecords }),
    deadLettersPerMinute: integerOr(
      env,
      'DEAD_LETTERS_PER_MINUTE',
      DEFAULT_DEAD_LETTER_LIMIT.max,
      deadLetters,
    ),
  };
};
