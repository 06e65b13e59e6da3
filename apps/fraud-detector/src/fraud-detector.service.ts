import {
  changelogTopic,
  deadLetterTopic,
  plainFactWriter,
  plainHoldWriter,
  schemaRegistryAt,
  topicCatalogue,
  topicName,
  topicReader,
  topicWriter,
  type FraudDetectorProgress,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
} from '@reviews/contracts';
import type { StreamServiceWiring } from '@reviews/platform';
import type { ServiceDefinition } from '@reviews/streams';
import type { FraudDetectorConfig } from './config.js';
import { progressAfter } from './fraud-detector-progress.js';
import { ledgerLogic, stores } from './ledger-logic.js';
import type { PartitionState } from './partition-state.js';

/** How long a partition may be idle before it looks whether a new day has begun. */
const TICK_INTERVAL_MS = 10_000;

/** The fraud-detector: reads commands, keeps the ledger, writes facts and holds. */
export const fraudDetector: StreamServiceWiring<typeof stores, PartitionState> = {
  requiredTopics: ({ config }) => topicCatalogue(config.topicPrefix),
  checks: [
    { name: 'schema-registry', check: ({ config }) => schemaRegistryAt(config.schemaRegistryUrl, 0).ping() },
  ],
  define: ({ config }) => define(config as FraudDetectorConfig),
};

const define = async (
  config: FraudDetectorConfig,
): Promise<ServiceDefinition<typeof stores, PartitionState>> => {
  const { topicPrefix } = config;
  const registry = schemaRegistryAt(config.schemaRegistryUrl);
  const commands = topicReader<ReviewCommandRecord>(registry, 'reviews');
  const facts = await topicWriter<ReviewFactRecord>(registry, topicPrefix, 'reviews-valid');
  const holds = await topicWriter<ReviewHeldRecord>(registry, topicPrefix, 'reviews-fraud');
  const plainFact = plainFactWriter(facts.header());
  const plainHold = plainHoldWriter(holds.header());
  const progress = await topicWriter<FraudDetectorProgress>(registry, topicPrefix, 'fraud-detector-progress');
  const progressTopic = topicName(topicPrefix, 'fraud-detector-progress');
  const source = topicName(topicPrefix, 'reviews');
  const validTopic = topicName(topicPrefix, 'reviews-valid');
  const fraudTopic = topicName(topicPrefix, 'reviews-fraud');
  const { detector } = config;
  return {
    applicationId: `${topicPrefix}fraud-detector`,
    source,
    changelog: changelogTopic(topicPrefix, 'fraud-detector'),
    deadLetters: deadLetterTopic(topicPrefix, 'fraud-detector'),
    outputs: [validTopic, fraudTopic, progressTopic],
    stores,
    tickIntervalMs: TICK_INTERVAL_MS,
    prepare: (records) => commands.resolveWriters(records.map(({ value }) => value)),
    logicOf: ({ partition }) =>
      ledgerLogic({
        detector,
        commands,
        facts,
        holds,
        plainFact,
        plainHold,
        validTopic,
        fraudTopic,
        source: { topic: source, partition },
      }),
    receipt: {
      topic: progressTopic,
      recordOf: (summary) => ({
        key: Buffer.from(String(summary.partition)),
        value: progress.encode(progressAfter(summary, { validTopic, fraudTopic })),
      }),
    },
  };
};
