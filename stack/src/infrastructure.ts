import { join } from 'node:path';
import { type StackConfig } from './config.js';
import { databasePassword } from './database-password.js';
import { type Environment } from './environment.js';
import { type Part } from './part.js';
import { kafkaAnswers } from './parts/kafka-probe.js';
import { KAFKA_DIRECTORY, kafkaPart } from './parts/kafka.js';
import { databaseAnswers, POSTGRES_DIRECTORY, postgresPart, postgresUrl } from './parts/postgres.js';
import {
  SCHEMA_REGISTRY_DIRECTORY,
  schemaRegistryAnswers,
  schemaRegistryPart,
} from './parts/schema-registry.js';
import { type Ports } from './ports.js';
import { type Addresses } from './run-file.js';
import { httpUrl } from './services.js';

/** A server the user runs: never started or stopped here, only waited for. */
export interface ExternalServer {
  readonly variable: string;
  readonly answers: () => Promise<boolean>;
}

export interface Infrastructure {
  /** In the order they stop in, turned round. */
  readonly parts: readonly Part[];
  readonly externals: readonly ExternalServer[];
  readonly addresses: Addresses;
}

/** Directories of the embedded parts below the state; the version in a name keeps other versions out of the data. */
export function dataDirectories(config: StackConfig): readonly string[] {
  return [
    ...(config.kafkaBrokers === undefined ? [KAFKA_DIRECTORY] : []),
    ...(config.schemaRegistryUrl === undefined ? [SCHEMA_REGISTRY_DIRECTORY] : []),
    ...(config.databaseUrl === undefined ? [POSTGRES_DIRECTORY] : []),
  ];
}

export async function describeInfrastructure(
  config: StackConfig,
  { stateDir, ports, env }: { readonly stateDir: string; readonly ports: Ports; readonly env: Environment },
): Promise<Infrastructure> {
  const parts: Part[] = [];
  const externals: ExternalServer[] = [];
  const of = (name: string): { logFile: string; env: Environment; logLevel: StackConfig['logLevel'] } => ({
    logFile: join(stateDir, 'logs', `${name}.log`),
    env,
    logLevel: config.logLevel,
  });

  const { kafkaBrokers = `127.0.0.1:${ports.kafka}` } = config;
  if (config.kafkaBrokers === undefined) {
    const dataDir = join(stateDir, KAFKA_DIRECTORY);
    const controllerPort = ports['kafka-controller'];
    parts.push(await kafkaPart({ ...of('kafka'), dataDir, port: ports.kafka, controllerPort }));
  } else {
    externals.push({ variable: 'KAFKA_BROKERS', answers: () => kafkaAnswers(kafkaBrokers) });
  }

  let { schemaRegistryUrl } = config;
  if (schemaRegistryUrl === undefined) {
    const dataDir = join(stateDir, SCHEMA_REGISTRY_DIRECTORY);
    const part = await schemaRegistryPart({
      ...of('schema-registry'),
      dataDir,
      port: ports['schema-registry'],
    });
    parts.push(part);
    schemaRegistryUrl = part.address;
  } else {
    const url = schemaRegistryUrl;
    externals.push({ variable: 'SCHEMA_REGISTRY_URL', answers: () => schemaRegistryAnswers(url) });
  }

  let { databaseUrl } = config;
  if (databaseUrl === undefined) {
    const password = databasePassword(stateDir);
    const dataDir = join(stateDir, POSTGRES_DIRECTORY);
    parts.push(await postgresPart({ ...of('postgres'), dataDir, port: ports.postgres, password }));
    databaseUrl = postgresUrl({ port: ports.postgres, password });
  } else {
    const url = databaseUrl;
    externals.push({ variable: 'DATABASE_URL', answers: () => databaseAnswers(url) });
  }

  const url = httpUrl(config.host, ports['review-api']);
  return { parts, externals, addresses: { url, kafkaBrokers, schemaRegistryUrl, databaseUrl } };
}
