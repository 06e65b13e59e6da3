import { AVRO_TOPICS, schemaRegistryAt, topicCatalogue } from '@reviews/contracts';
import { databaseSchemaOf } from '@reviews/read-model';
import { kafkaLogAdmin } from '@reviews/streams';
import { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { kafkaConnectionTo } from '../kafka-connection.js';
import { printJson, printLines } from '../output.js';
import { findTarget } from '../target/find-target.js';
import { addressOf } from '../target/target.js';
import { makeTables, makeTopics, registerSchemas } from './make-ready.js';
import { allWhenAvailable } from './when-available.js';

const DEFAULT_REPLICATION_FACTOR = 1;
/** Further tries come from {@link allWhenAvailable}, for all parts alike. */
const NO_RETRIES = 0;

/** `reviews setup`: topics, schemas and tables. */
export const setupCommand = (): Command =>
  new Command('setup')
    .description('Make topics, schemas and tables, or find that they are there. Safe to repeat.')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Environment: KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, TOPIC_PARTITIONS (default 4), TOPIC_PREFIX,
KAFKA_REPLICATION_FACTOR (default 1). Parts that are just starting are waited for, at most a minute.`,
    )
    .action(setUp);

const setUp = async (options: { readonly json?: true }): Promise<void> => {
  const target = await findTarget();
  const { topicPrefix, topicPartitions: partitions } = target;
  const admin = kafkaLogAdmin(kafkaConnectionTo(addressOf(target, 'kafkaBrokers')));
  const registry = schemaRegistryAt(addressOf(target, 'schemaRegistryUrl'), NO_RETRIES);
  const databaseUrl = addressOf(target, 'databaseUrl');
  const shape = { partitions, replicationFactor: replicationFactor() };
  try {
    await allWhenAvailable([
      () => makeTopics(admin, topicPrefix, shape),
      () => registerSchemas(registry, topicPrefix),
      () => makeTables(databaseUrl, topicPrefix),
    ]);
  } finally {
    await admin.close();
  }
  const result = {
    topics: topicCatalogue(topicPrefix).map(({ name }) => name),
    partitions,
    schemas: AVRO_TOPICS.length,
    databaseSchema: databaseSchemaOf(topicPrefix),
  };
  if (options.json === true) printJson(result);
  else
    printLines([
      `Topics: ${result.topics.length} with ${partitions} partitions each.`,
      `Schemas: ${result.schemas} registered, FULL_TRANSITIVE.`,
      `Tables: in PostgreSQL schema ${result.databaseSchema}.`,
    ]);
};

const replicationFactor = (): number => {
  const text = process.env['KAFKA_REPLICATION_FACTOR']?.trim() ?? '';
  if (text === '') return DEFAULT_REPLICATION_FACTOR;
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new CliError(
      `KAFKA_REPLICATION_FACTOR must be an integer of at least 1, not ${JSON.stringify(text)}.`,
      { exitCode: 2 },
    );
  return Number(text);
};
