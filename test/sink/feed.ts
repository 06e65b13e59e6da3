import {
  schemaRegistryAt,
  toCourseStatisticsRecord,
  topicName,
  topicWriter,
  toReviewFactRecord,
  toReviewHeldRecord,
  type AggregatorProgress,
  type AvroTopic,
  type FraudDetectorProgress,
} from '@reviews/contracts';
import type { Producer, Transaction } from 'kafkajs';
import { seededRandom } from '../campaign/random.js';
import { bareKafka } from '../support/bare-kafka.js';
import { PartitionTruth } from './truth.js';
import { StatisticsTruth } from './statistics-truth.js';

const MESSAGES_PER_SEND = 250;
const ABORTED = 0.1;

type DataTopic = 'reviews-valid' | 'reviews-fraud' | 'long-term-stats' | 'recent-stats';
const DATA_TOPICS: readonly DataTopic[] = [
  'reviews-valid',
  'reviews-fraud',
  'long-term-stats',
  'recent-stats',
];

/** Writes what fraud-detector and aggregator would, in transactions of which some are aborted, and knows the truth. */
export interface Feed {
  readonly reviews: readonly PartitionTruth[];
  readonly statistics: readonly StatisticsTruth[];
  /** Offset after the last record of each partition, as `topic/partition` without prefix. */
  readonly ends: ReadonlyMap<string, number>;
  /** At least so many updates in every partition, and progress that covers them. Returns how many there were. */
  write(updatesPerPartition: number): Promise<number>;
  /** A value that nobody can read. */
  writeGarbage(topic: DataTopic, partition: number): Promise<void>;
  close(): Promise<void>;
}

export interface FeedOptions {
  readonly topicPrefix: string;
  readonly partitions: number;
  readonly schemaRegistryUrl: string;
  readonly seed: number;
}

export const startFeed = async (options: FeedOptions): Promise<Feed> => {
  const { topicPrefix, partitions, seed } = options;
  const random = seededRandom(seed);
  const encode = await encoders(options);
  const producer = bareKafka().producer({
    transactionalId: `${topicPrefix}feed`,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const reviews = numbers.map((partition) => new PartitionTruth(partition, random));
  const statistics = numbers.map((partition) => new StatisticsTruth(partition, random));
  const ends = new Map<string, number>();

  const send = async (
    transaction: Transaction | Producer,
    topic: AvroTopic,
    partition: number,
    values: readonly Buffer[],
  ) => {
    for (let from = 0; from < values.length; from += MESSAGES_PER_SEND) {
      const messages = values
        .slice(from, from + MESSAGES_PER_SEND)
        .map((value) => ({ key: 'k', value, partition }));
      const [answer] = await transaction.send({ topic: topicName(topicPrefix, topic), messages });
      ends.set(`${topic}/${partition}`, Number(answer?.baseOffset) + messages.length);
    }
  };
  const endOf = (topic: DataTopic, partition: number): number => ends.get(`${topic}/${partition}`) ?? 0;

  const drawn = (partition: number, updates: number): Record<DataTopic, Buffer[]> => {
    const drawnValues: Record<DataTopic, Buffer[]> = {
      'reviews-valid': [],
      'reviews-fraud': [],
      'long-term-stats': [],
      'recent-stats': [],
    };
    while (Object.values(drawnValues).flat().length < updates) {
      const { valid, fraud } = reviews[partition]?.command() ?? { valid: [], fraud: [] };
      drawnValues['reviews-valid'].push(...valid.map(encode.fact));
      drawnValues['reviews-fraud'].push(...fraud.map(encode.held));
      const course = statistics[partition];
      if (course === undefined) continue;
      drawnValues['long-term-stats'].push(encode.longTerm(course.next('allTime')));
      if (random.chance(0.7)) drawnValues['recent-stats'].push(encode.recent(course.next('recent')));
    }
    return drawnValues;
  };

  const writePartition = async (partition: number, updates: number): Promise<number> => {
    if (random.chance(ABORTED)) {
      const lost = await producer.transaction();
      for (const topic of DATA_TOPICS) await send(lost, topic, partition, [Buffer.from('aborted')]);
      await lost.abort();
    }
    const values = drawn(partition, updates);
    const transaction = await producer.transaction();
    for (const topic of DATA_TOPICS) await send(transaction, topic, partition, values[topic]);
    const reviewsEnd = reviews[partition]?.offset ?? 0;
    const covered = { partition, reviewsEnd, reviewsValidEnd: endOf('reviews-valid', partition) };
    await send(transaction, 'fraud-detector-progress', partition, [
      encode.fraudDetectorProgress({ ...covered, reviewsFraudEnd: endOf('reviews-fraud', partition) }),
    ]);
    await send(transaction, 'aggregator-progress', partition, [
      encode.aggregatorProgress({
        ...covered,
        day: 20_000,
        longTermStatsEnd: endOf('long-term-stats', partition),
        recentStatsEnd: endOf('recent-stats', partition),
      }),
    ]);
    await transaction.commit();
    return Object.values(values).flat().length;
  };

  return {
    reviews,
    statistics,
    ends,
    async write(updatesPerPartition) {
      let written = 0;
      for (const partition of numbers) written += await writePartition(partition, updatesPerPartition);
      return written;
    },
    async writeGarbage(topic, partition) {
      const transaction = await producer.transaction();
      await send(transaction, topic, partition, [Buffer.from('nobody can read this')]);
      await transaction.commit();
    },
    close: () => producer.disconnect(),
  };
};

/** From what the product knows to bytes, by the product's own codecs. */
const encoders = async ({ schemaRegistryUrl, topicPrefix }: FeedOptions) => {
  const registry = schemaRegistryAt(schemaRegistryUrl);
  const writer = <T>(topic: AvroTopic) => topicWriter<T>(registry, topicPrefix, topic);
  const [facts, holds, longTerm, recent, aggregator, fraudDetector] = [
    await writer<ReturnType<typeof toReviewFactRecord>>('reviews-valid'),
    await writer<ReturnType<typeof toReviewHeldRecord>>('reviews-fraud'),
    await writer<ReturnType<typeof toCourseStatisticsRecord>>('long-term-stats'),
    await writer<ReturnType<typeof toCourseStatisticsRecord>>('recent-stats'),
    await writer<AggregatorProgress>('aggregator-progress'),
    await writer<FraudDetectorProgress>('fraud-detector-progress'),
  ];
  return {
    fact: (fact: Parameters<typeof toReviewFactRecord>[0]) => facts.encode(toReviewFactRecord(fact)),
    held: (held: Parameters<typeof toReviewHeldRecord>[0]) => holds.encode(toReviewHeldRecord(held)),
    longTerm: (statistics: Parameters<typeof toCourseStatisticsRecord>[0]) =>
      longTerm.encode(toCourseStatisticsRecord(statistics)),
    recent: (statistics: Parameters<typeof toCourseStatisticsRecord>[0]) =>
      recent.encode(toCourseStatisticsRecord(statistics)),
    aggregatorProgress: (progress: AggregatorProgress) => aggregator.encode(progress),
    fraudDetectorProgress: (progress: FraudDetectorProgress) => fraudDetector.encode(progress),
  };
};
