import { CliError } from '../cli-error.js';

/** The installation a command talks to. */
export interface Target {
  /** Base URL of the API. */
  readonly url: string | undefined;
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly schemaRegistryUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly topicPrefix: string;
  readonly topicPartitions: number;
}

/** What `npm run status -- --json` says of a stack that runs. */
export interface RunningStack {
  readonly url: string;
  /** Comma-separated `host:port`. */
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
  readonly databaseUrl: string;
  readonly topicPrefix: string;
  readonly topicPartitions: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PARTITIONS = 4;

/** Each address from the command line, else the environment, else the stack that runs here. */
export const targetOf = (
  url: string | undefined,
  env: Environment,
  running: RunningStack | undefined,
): Target => {
  const known: Partial<RunningStack> = running ?? {};
  return {
    url: url ?? textOf(env, 'REVIEWS_URL') ?? known.url,
    kafkaBrokers: brokersOf(textOf(env, 'KAFKA_BROKERS') ?? known.kafkaBrokers),
    schemaRegistryUrl: textOf(env, 'SCHEMA_REGISTRY_URL') ?? known.schemaRegistryUrl,
    databaseUrl: textOf(env, 'DATABASE_URL') ?? known.databaseUrl,
    topicPrefix: textOf(env, 'TOPIC_PREFIX') ?? known.topicPrefix ?? '',
    topicPartitions: partitionsOf(env) ?? known.topicPartitions ?? DEFAULT_PARTITIONS,
  };
};

/** What the environment calls each address, for messages. */
const VARIABLES = {
  url: '--url or REVIEWS_URL',
  kafkaBrokers: 'KAFKA_BROKERS',
  schemaRegistryUrl: 'SCHEMA_REGISTRY_URL',
  databaseUrl: 'DATABASE_URL',
} as const;

/** @throws CliError when the address is not known */
export const addressOf = <Name extends keyof typeof VARIABLES>(
  target: Target,
  name: Name,
): NonNullable<Target[Name]> => {
  const address = target[name];
  if (address === undefined)
    throw new CliError(
      `No stack runs here: start it with "npm start", or say where it is with ${VARIABLES[name]}.`,
    );
  return address;
};

const brokersOf = (list: string | undefined): readonly string[] | undefined =>
  list?.split(',').map((broker) => broker.trim());

const partitionsOf = (env: Environment): number | undefined => {
  const text = textOf(env, 'TOPIC_PARTITIONS');
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new CliError(`TOPIC_PARTITIONS must be an integer of at least 1, not ${JSON.stringify(text)}.`, {
      exitCode: 2,
    });
  return Number(text);
};

// Compose files and shells pass an unset variable on as an empty one.
const textOf = (env: Environment, name: string): string | undefined => {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
};
