import { join } from 'node:path';
import { type StackConfig } from './config.js';
import { type Environment } from './environment.js';
import { type Part } from './part.js';
import { type Ports } from './ports.js';
import { type Addresses } from './run-file.js';

const PATIENCE_MS = 2_000;

/** In the order of the flow, which is the order they are started in; they stop in the opposite one. */
export const SERVICES = ['fraud-detector', 'aggregator', 'stats-sink', 'review-api'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Short enough that a killed service's partitions are back at work within seconds. */
const TIMINGS = {
  SESSION_TIMEOUT_MS: '6000',
  TRANSACTION_TIMEOUT_MS: '5000',
  REBALANCE_TIMEOUT_MS: '10000',
  HEARTBEAT_INTERVAL_MS: '1000',
};

/** What every process of ours is started with; the images say the same. */
export const NODE_FLAGS = [
  '--enable-source-maps',
  // kafkajs sets timers in the past, which is harmless, and Node warns about it in every process.
  '--disable-warning=TimeoutNegativeWarning',
  // Records live for a transaction: twice the room for what is young, and most of it is never copied.
  '--max-semi-space-size=32',
] as const;

export interface ServiceSurroundings {
  readonly checkout: string;
  readonly config: StackConfig;
  readonly addresses: Addresses;
  /** What the user set wins over what the launcher would set. */
  readonly env: Environment;
}

export function servicePart(name: ServiceName, ports: Ports, surroundings: ServiceSurroundings): Part {
  const { checkout, config } = surroundings;
  const url = httpUrl(config.host, ports[name]);
  const env = { ...serviceEnvironment(surroundings), PORT: String(ports[name]) };
  return {
    name,
    title: name,
    address: url,
    logFile: join(config.stateDir, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    prepare: () => Promise.resolve(),
    processSpec: () => ({
      command: process.execPath,
      args: [...NODE_FLAGS, join(checkout, 'dist', 'apps', name, 'src', 'main.js')],
      cwd: checkout,
      env,
    }),
    isReady: () => answersOk(`${url}/health/ready`),
  };
}

/** What the four services and the `reviews` command are told. */
export function serviceEnvironment({ config, addresses, env }: ServiceSurroundings): Environment {
  return {
    HOST: config.host,
    TOPIC_PARTITIONS: String(config.topicPartitions),
    TOPIC_PREFIX: config.topicPrefix,
    FRAUD_PERCENT: String(config.fraudPercent),
    LOG_LEVEL: config.logLevel,
    // Compiled code is kept from start to start: four services share most of it.
    NODE_COMPILE_CACHE: join(config.stateDir, 'compile-cache'),
    ...TIMINGS,
    // The embedded Kafka is one broker; how many copies a cluster of the user keeps is for the user to say.
    ...(config.kafkaBrokers === undefined ? { KAFKA_REPLICATION_FACTOR: '1' } : {}),
    ...withoutEmpty(env),
    REVIEWS_STATE_DIR: config.stateDir,
    KAFKA_BROKERS: addresses.kafkaBrokers,
    SCHEMA_REGISTRY_URL: addresses.schemaRegistryUrl,
    DATABASE_URL: addresses.databaseUrl,
  };
}

/** The URL under which something that listens on `host` is reached from this machine. */
export function httpUrl(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = host.includes(':') && !everywhere ? `[${host}]` : host;
  return `http://${everywhere ? '127.0.0.1' : name}:${port}`;
}

function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}
