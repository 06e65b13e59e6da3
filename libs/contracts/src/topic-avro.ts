import { confluentAvro, type ConfluentAvro } from './confluent-avro.js';
import type { SchemaRegistry } from './schema-registry.js';
import { schemaOf, schemaTextOf, type AvroTopic } from './schemas.js';
import { subjectOf } from './topics.js';

/**
 * A serde that writes and reads a topic's values. Registers the schema, or finds that it is registered.
 *
 * @param prefix the installation's `TOPIC_PREFIX`
 */
export const topicWriter = async <T>(
  registry: SchemaRegistry,
  prefix: string,
  topic: AvroTopic,
): Promise<ConfluentAvro<T>> => {
  const schemaId = await registry.register(subjectOf(prefix, topic), schemaTextOf(topic));
  return confluentAvro<T>(registry, schemaOf(topic), schemaId);
};

/** A serde that only reads a topic's values. */
export const topicReader = <T>(registry: SchemaRegistry, topic: AvroTopic): ConfluentAvro<T> =>
  confluentAvro<T>(registry, schemaOf(topic), undefined);
