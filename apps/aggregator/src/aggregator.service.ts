import {
  changelogTopic,
  countedFactReader,
  deadLetterTopic,
  schemaRegistryAt,
  statisticsTopicEncoder,
  topicCatalogue,
  topicName,
  topicWriter,
  type AggregatorProgress,
} from '@reviews/contracts';
import type { ServiceConfig, StreamServiceWiring } from '@reviews/platform';
import type { ServiceDefinition } from '@reviews/streams';
import { progressAfter } from './aggregator-progress.js';
import type { KeptPartitionState } from './partition-state.js';
import { statisticsLogic } from './statistics-logic.js';
import { stores } from './statistics-ports.js';

/** Days are facts here, so an idle partition has nothing to look for. */
const TICK_INTERVAL_MS = 60_000;
/**
 * Courses that one step of the sweep looks at; the runtime takes several steps together until they have taken long enough. Small, because
 * it cannot stop within one: fifty courses with reviews on each of 90 days, rolled through 90 days, take 15 ms.
 */
const SWEEP_STEP = 50;

/** The aggregator: reads facts, keeps statistics per course, writes what changed. */
export const aggregator: StreamServiceWiring<typeof stores, KeptPartitionState> = {
  requiredTopics: ({ config }) => topicCatalogue(config.topicPrefix),
  checks: [
    { name: 'schema-registry', check: ({ config }) => schemaRegistryAt(config.schemaRegistryUrl, 0).ping() },
  ],
  define: ({ config }) => define(config),
};

const define = async (
  config: ServiceConfig,
): Promise<ServiceDefinition<typeof stores, KeptPartitionState>> => {
  const { topicPrefix } = config;
  const registry = schemaRegistryAt(config.schemaRegistryUrl);
  const facts = countedFactReader(registry);
  const encodeLongTerm = await statisticsTopicEncoder(registry, topicPrefix, 'long-term-stats');
  const encodeRecent = await statisticsTopicEncoder(registry, topicPrefix, 'recent-stats');
  const progress = await topicWriter<AggregatorProgress>(registry, topicPrefix, 'aggregator-progress');
  const longTermTopic = topicName(topicPrefix, 'long-term-stats');
  const recentTopic = topicName(topicPrefix, 'recent-stats');
  const progressTopic = topicName(topicPrefix, 'aggregator-progress');
  return {
    applicationId: `${topicPrefix}aggregator`,
    source: topicName(topicPrefix, 'reviews-valid'),
    changelog: changelogTopic(topicPrefix, 'aggregator'),
    deadLetters: deadLetterTopic(topicPrefix, 'aggregator'),
    outputs: [longTermTopic, recentTopic, progressTopic],
    stores,
    tickIntervalMs: TICK_INTERVAL_MS,
    prepare: (records) => facts.resolveWriters(records.map(({ value }) => value)),
    logicOf: ({ stores: { courses }, partitionState }) =>
      statisticsLogic(
        { facts, encodeLongTerm, encodeRecent, longTermTopic, recentTopic, sweepStep: SWEEP_STEP },
        courses,
        partitionState,
      ),
    receipt: {
      topic: progressTopic,
      recordOf: (summary) => ({
        key: Buffer.from(String(summary.partition)),
        value: progress.encode(progressAfter(summary, { longTermTopic, recentTopic })),
      }),
    },
  };
};
