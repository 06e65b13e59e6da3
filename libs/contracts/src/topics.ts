import type { AvroTopic } from './schemas.js';

/** How long dead letters are kept. */
const DEAD_LETTERS_RETENTION_MS = 30 * 86_400_000;

/** The services that keep state in a changelog; also their consumer groups. */
export const STREAM_SERVICES = ['fraud-detector', 'aggregator'] as const;
export type StreamService = (typeof STREAM_SERVICES)[number];

/**
 * The services whose dead letters can be sent again. Their source is written by clients alone: a redrive writes to it in
 * transactions, and two transactional writers in one partition would let readers see aborted records.
 */
export const REDRIVABLE_SERVICES = ['fraud-detector'] as const;
export type RedrivableService = (typeof REDRIVABLE_SERVICES)[number];

/** A topic as it must exist: start-up creates what is missing and refuses what differs. */
export interface TopicSpec {
  readonly name: string;
  /** Kafka topic configuration that it must have, by Kafka's own names. */
  readonly config: Readonly<Record<string, string>>;
  /** What it is created with besides: a topic that was made otherwise is taken as it is. */
  readonly creationConfig?: Readonly<Record<string, string>>;
}

const unlimited = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };
const logAppendTime = { 'message.timestamp.type': 'LogAppendTime' };
const compact = { 'cleanup.policy': 'compact' };

const AVRO_TOPIC_CONFIG: Readonly<Record<AvroTopic, TopicSpec['config']>> = {
  reviews: { ...unlimited, ...logAppendTime },
  'reviews-valid': { ...unlimited, ...logAppendTime },
  'reviews-fraud': unlimited,
  'long-term-stats': compact,
  'recent-stats': compact,
  'aggregator-progress': compact,
  'fraud-detector-progress': compact,
};

/**
 * A compacted topic that rolls often: the active segment is never compacted, and with Kafka's defaults (1 GB, 7 days)
 * even a tiny state would take half a minute to restore.
 */
const changelogConfig = {
  ...compact,
  ...logAppendTime,
  'segment.bytes': String(32 * 1024 * 1024),
  'segment.ms': '3600000',
  'min.cleanable.dirty.ratio': '0.1',
};

/**
 * Every topic that is made now is stamped by the broker. Else a service whose host's clock runs ahead by more than Kafka tolerates, an
 * hour, could write nothing, and dead letters of one that runs behind would expire unread.
 */
const stamped = { creationConfig: logAppendTime };

/** The catalogue of topics. The prefix goes in front of topics, groups, transactional ids and subjects alike. */
export const topicCatalogue = (prefix: string): readonly TopicSpec[] => [
  ...Object.entries(AVRO_TOPIC_CONFIG).map(([name, config]) => ({ name: prefix + name, config, ...stamped })),
  ...STREAM_SERVICES.flatMap((service) => [
    { name: changelogTopic(prefix, service), config: changelogConfig },
    {
      name: deadLetterTopic(prefix, service),
      config: { 'cleanup.policy': 'delete', 'retention.ms': String(DEAD_LETTERS_RETENTION_MS) },
      ...stamped,
    },
  ]),
  ...REDRIVABLE_SERVICES.map((service) => ({
    name: redrivesTopic(prefix, service),
    config: changelogConfig,
  })),
];

export const topicName = (prefix: string, topic: AvroTopic): string => prefix + topic;
export const changelogTopic = (prefix: string, service: StreamService): string =>
  `${prefix}${service}-changelog`;
export const deadLetterTopic = (prefix: string, service: StreamService): string =>
  `${prefix}${service}-dead-letters`;
/** Says which dead letters were sent again. */
export const redrivesTopic = (prefix: string, service: RedrivableService): string =>
  `${prefix}${service}-redrives`;
/** Registry subject of a topic's values (Confluent's TopicNameStrategy). */
export const subjectOf = (prefix: string, topic: AvroTopic): string => `${prefix}${topic}-value`;
