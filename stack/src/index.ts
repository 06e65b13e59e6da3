export { startKafka, newClusterId, type KafkaOptions } from './parts/kafka.js';
export { startPostgres, postgresUrl, type PostgresOptions } from './parts/postgres.js';
export { startSchemaRegistry, type SchemaRegistryOptions } from './parts/schema-registry.js';
export { type StartedPart } from './part.js';
export { type RunFile, type RunPhase, readRunFile } from './run-file.js';
export { type PartRecord } from './supervisor.js';
