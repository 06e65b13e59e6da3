import {
  confluentAvro,
  countedFactReader,
  courseStatisticsEncoder,
  schemaOf,
  schemaTextOf,
  toReviewFactRecord,
  type AvroTopic,
  type ConfluentAvro,
  type CourseStatisticsRecord,
  type ReviewFactRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import { reviewCount, type ReviewFact } from '@reviews/domain';
import type { OutputRecord, ServiceDefinition } from '@reviews/streams';
import { taskTestDriver, type TaskTestDriver } from '@reviews/streams/testing';
import type { KeptPartitionState } from '../partition-state.js';
import { statisticsLogic } from '../statistics-logic.js';
import { stores } from '../statistics-ports.js';

const TOPICS: readonly AvroTopic[] = ['reviews-valid', 'long-term-stats', 'recent-stats'];
const registry = {
  schemaById: (id: number) => Promise.resolve(schemaTextOf(TOPICS[id] ?? 'reviews')),
} as SchemaRegistry;
const codecOf = async <T>(topic: AvroTopic): Promise<ConfluentAvro<T>> => {
  const id = TOPICS.indexOf(topic);
  const codec = confluentAvro<T>(registry, schemaOf(topic), id);
  await codec.resolveWriters([Buffer.of(0, 0, 0, 0, id)]);
  return codec;
};

const written = await codecOf<ReviewFactRecord>('reviews-valid');
const facts = countedFactReader(registry);
await facts.resolveWriters([Buffer.of(0, 0, 0, 0, TOPICS.indexOf('reviews-valid'))]);
const longTerm = await codecOf<CourseStatisticsRecord>('long-term-stats');
const recent = await codecOf<CourseStatisticsRecord>('recent-stats');

/** A statistic that was published, with its bytes. */
export interface Published {
  readonly topic: 'long-term' | 'recent';
  readonly statistics: CourseStatisticsRecord;
  readonly bytes: string;
}

/** The aggregator's logic without any log: facts in, statistics out. */
export interface AggregatorUnderTest {
  readonly driver: TaskTestDriver<typeof stores, KeptPartitionState>;
  /** Handles facts in one transaction. */
  pipe(...facts: readonly ReviewFact[]): readonly Published[];
  /** One step of the sweep, if there is one to do. */
  step(): readonly Published[];
  /** Steps until the sweep is done. */
  sweep(): readonly Published[];
  /** Makes `state` what the position record holds, and starts from it. */
  restartFrom(state: KeptPartitionState): void;
  /** Everything published so far, in order, since it was told to forget. */
  readonly published: readonly Published[];
  forget(): void;
}

/** @param sweepStep courses that one step of the sweep looks at */
export const aggregatorUnderTest = (sweepStep = 10): AggregatorUnderTest => {
  const published: Published[] = [];
  let kept: KeptPartitionState | undefined;
  let stepsLeft = Infinity;
  const definition: ServiceDefinition<typeof stores, KeptPartitionState> = {
    applicationId: 'aggregator',
    source: 'reviews-valid',
    changelog: 'changelog',
    deadLetters: 'dead-letters',
    outputs: ['long-term', 'recent'],
    stores,
    tickIntervalMs: 1,
    logicOf({ stores: { courses }, partitionState }) {
      const logic = statisticsLogic(
        {
          facts,
          encodeLongTerm: courseStatisticsEncoder(TOPICS.indexOf('long-term-stats')),
          encodeRecent: courseStatisticsEncoder(TOPICS.indexOf('recent-stats')),
          longTermTopic: 'long-term',
          recentTopic: 'recent',
          sweepStep,
        },
        courses,
        partitionState,
      );
      // The driver works until nothing is left; a test may want to see the moments between two steps.
      return {
        ...logic,
        hasWork: () => stepsLeft-- > 0 && (logic.hasWork?.() ?? false),
        tick(context) {
          if (kept !== undefined) context.setPartitionState(kept);
        },
      };
    },
  };
  const driver = taskTestDriver(definition);
  const keep = (outputs: ReadonlyMap<string, readonly OutputRecord[]>): readonly Published[] => {
    const news = [...outputs].flatMap(([topic, records]) => records.map(({ value }) => read(topic, value)));
    for (const statistic of news) published.push(statistic);
    return news;
  };
  return {
    driver,
    published,
    pipe: (...facts) => keep(driver.pipe(...facts.map((fact) => written.encode(toReviewFactRecord(fact))))),
    step() {
      stepsLeft = 1;
      const news = keep(driver.work());
      stepsLeft = Infinity;
      return news;
    },
    sweep: () => keep(driver.work()),
    forget() {
      published.length = 0;
    },
    restartFrom(state) {
      kept = state;
      driver.tick(0);
      driver.restart();
    },
  };
};

const read = (topic: string, value: Buffer | null): Published => {
  if (topic !== 'recent' && topic !== 'long-term') throw new Error(topic);
  const codec = topic === 'recent' ? recent : longTerm;
  return { topic, statistics: codec.decode(value), bytes: value?.toString('hex') ?? '' };
};

/** How many reviews a published statistic counts, by half stars from 1 to 10. */
export const histogramOf = (statistics: CourseStatisticsRecord): readonly number[] =>
  Array.from({ length: 10 }, (_, index) => statistics[`halfStars${index + 1}`] ?? 0);

/** A line each: topic, course, reviews counted, version. */
export const told = (published: readonly Published[]): readonly string[] =>
  published
    .map(({ topic, statistics }) => {
      const { courseId, version } = statistics;
      return `${topic} ${courseId} ${reviewCount(histogramOf(statistics))} @${version}`;
    })
    .sort();
