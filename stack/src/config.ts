import { isIPv4 } from 'node:net';
import { type Environment, readInteger, readOneOf, readPattern, readText, readUrl } from './environment.js';
import { StackError } from './stack-error.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything `npm start` can be told, by environment. An empty variable counts as one that is not set. */
export interface StackConfig {
  /** `PORT`: where the HTTP API listens. Default: 3000. */
  readonly port: number;
  /**
   * `HOST`: the address the services listen on. Default: 127.0.0.1, nobody outside this machine reaches them. Any other
   * but loopback asks for `ALLOW_UNAUTHENTICATED=true`.
   */
  readonly host: string;
  /** `KAFKA_PORT`: port of the embedded Kafka. Default: a free one, the same at every start while it stays free. */
  readonly kafkaPort: number | undefined;
  /** `POSTGRES_PORT`: port of the embedded PostgreSQL. Default: a free one, kept likewise. */
  readonly postgresPort: number | undefined;
  /** `SCHEMA_REGISTRY_PORT`: port of the embedded schema registry. Default: a free one, kept likewise. */
  readonly schemaRegistryPort: number | undefined;
  /**
   * `REVIEWS_STATE_DIR`: where data, logs and run.json live. Default: ./.reviews; as root, when the unprivileged user
   * of PostgreSQL could not reach it: /var/lib/course-reviews/<checkout>-<hash of its path>.
   */
  readonly stateDir: string;
  /** `KAFKA_BROKERS`: host:port[,host:port…] of a Kafka you run; none is started then. Default: the embedded one. */
  readonly kafkaBrokers: string | undefined;
  /** `DATABASE_URL`: postgresql:// URL of a PostgreSQL you run; none is started then. Default: the embedded one. */
  readonly databaseUrl: string | undefined;
  /**
   * `SCHEMA_REGISTRY_URL`: Confluent-compatible registry you run, with its path (Apicurio: /apis/ccompat/v7); none is
   * started then. Default: the embedded one.
   */
  readonly schemaRegistryUrl: string | undefined;
  /** `TOPIC_PARTITIONS`: partitions of every topic, 1 to 1000, fixed for the life of the topics. Default: 4. */
  readonly topicPartitions: number;
  /** `TOPIC_PREFIX`: goes in front of topics, groups, transactional ids and subjects. Default: empty. */
  readonly topicPrefix: string;
  /** `FRAUD_PERCENT`: percent of reviews the default detector holds back, 0 to 100. Default: 5. */
  readonly fraudPercent: number;
  /** `LOG_LEVEL`: fatal, error, warn, info, debug or trace, for the launcher and all services. Default: info. */
  readonly logLevel: LogLevel;
}

/** Throws a StackError (exit code 2) that names the variable and what it may be. */
export function parseConfig(env: Environment): StackConfig {
  const config: StackConfig = {
    port: readInteger(env, 'PORT', PORT_RANGE) ?? 3000,
    host: readText(env, 'HOST') ?? '127.0.0.1',
    kafkaPort: readInteger(env, 'KAFKA_PORT', PORT_RANGE),
    postgresPort: readInteger(env, 'POSTGRES_PORT', PORT_RANGE),
    schemaRegistryPort: readInteger(env, 'SCHEMA_REGISTRY_PORT', PORT_RANGE),
    stateDir: readText(env, 'REVIEWS_STATE_DIR') ?? '.reviews',
    kafkaBrokers: readPattern(env, 'KAFKA_BROKERS', BROKERS),
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    schemaRegistryUrl: readUrl(env, 'SCHEMA_REGISTRY_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    topicPartitions: readInteger(env, 'TOPIC_PARTITIONS', { from: 1, to: 1000 }) ?? 4,
    topicPrefix: readPattern(env, 'TOPIC_PREFIX', PREFIX) ?? '',
    fraudPercent: readInteger(env, 'FRAUD_PERCENT', { from: 0, to: 100 }) ?? 5,
    logLevel: readOneOf(env, 'LOG_LEVEL', LOG_LEVELS) ?? 'info',
  };
  refuseSharedPorts(config);
  refuseOpenHost(config, env);
  return Object.freeze(config);
}

const PORT_RANGE = { from: 1, to: 65535 };
const BROKERS = {
  pattern: /^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/,
  meaning: 'host:port, several separated by commas',
};
const PREFIX = { pattern: /^[A-Za-z0-9._-]{0,100}$/, meaning: 'at most 100 of A-Za-z0-9._-' };

function refuseSharedPorts(config: StackConfig): void {
  const ownerOf = new Map<number, string>();
  const pinned: readonly (readonly [string, number | undefined])[] = [
    ['PORT', config.port],
    ['KAFKA_PORT', config.kafkaPort],
    ['POSTGRES_PORT', config.postgresPort],
    ['SCHEMA_REGISTRY_PORT', config.schemaRegistryPort],
  ];
  for (const [variable, port] of pinned) {
    if (port === undefined) continue;
    const owner = ownerOf.get(port);
    if (owner !== undefined) {
      throw new StackError(
        'CONFIG_INVALID',
        `${variable} and ${owner} are both ${port}: give each its own port.`,
        {
          exitCode: 2,
        },
      );
    }
    ownerOf.set(port, variable);
  }
}

/** Each service refuses it too; here nothing has been started yet. */
function refuseOpenHost({ host }: StackConfig, env: Environment): void {
  const isLoopback = host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
  if (isLoopback || readOneOf(env, 'ALLOW_UNAUTHENTICATED', ['true', 'false']) === 'true') return;
  throw new StackError(
    'CONFIG_INVALID',
    `HOST is "${host}", which others can reach, and nobody is asked who they are: set ALLOW_UNAUTHENTICATED=true if a proxy or network policy protects it.`,
    { exitCode: 2 },
  );
}
