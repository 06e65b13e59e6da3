import {
  AVRO_TOPICS,
  schemaTextOf,
  subjectOf,
  topicCatalogue,
  type SchemaRegistry,
} from '@reviews/contracts';
import { migrate } from '@reviews/read-model';
import type { LogAdmin } from '@reviews/streams';

/** @throws StreamsError TOPOLOGY_MISMATCH when a topic exists with another partition count or configuration */
export const makeTopics = (
  admin: Pick<LogAdmin, 'ensureTopics'>,
  topicPrefix: string,
  shape: { readonly partitions: number; readonly replicationFactor: number },
): Promise<void> => admin.ensureTopics(topicCatalogue(topicPrefix), shape);

/** Registers every schema; the rule first, or nothing would enforce it for them. */
export const registerSchemas = async (
  registry: Pick<SchemaRegistry, 'setCompatibility' | 'register'>,
  topicPrefix: string,
): Promise<void> => {
  await registry.setCompatibility('FULL_TRANSITIVE');
  for (const topic of AVRO_TOPICS)
    await registry.register(subjectOf(topicPrefix, topic), schemaTextOf(topic));
};

export const makeTables = (databaseUrl: string, topicPrefix: string): Promise<void> =>
  migrate({ databaseUrl, topicPrefix });
