import {
  confluentAvro,
  schemaOf,
  schemaTextOf,
  type AvroTopic,
  type SchemaRegistry,
} from '@reviews/contracts';
import { offsetOf, type StreamRecord } from '@reviews/streams';
import { Differences, type Difference } from '../difference.js';
import type { PartitionSummary } from '../partition-inputs.js';
import type { PartitionLog } from '../partition-log.js';
import { Place } from '../place.js';
import { byCourse } from '../published/publication.js';
import { ofRow, TABLE_PLACES } from '../published/published-statistic.js';
import { readInputs } from '../read-inputs.js';
import { verifyCodecs } from '../verify-codecs.js';
import type { VerifiedTopic, VerifyLog } from '../verify-log.js';
import { verifyPartition } from '../verify-partition.js';
import type { Loose } from './loose-record.js';
import type { World } from './world.js';

/** What verifying a world came to. */
export interface WorldVerified {
  readonly differences: readonly Difference[];
  readonly summary: PartitionSummary;
}

const TOPICS: readonly AvroTopic[] = [
  'reviews',
  'reviews-valid',
  'reviews-fraud',
  'long-term-stats',
  'recent-stats',
  'aggregator-progress',
];
const BATCH_RECORDS = 3;

/** Verifies partition 0 of a world, as the command would. */
export const verifyWorld = async (world: World): Promise<WorldVerified> => {
  const differences = new Differences(100);
  const log = logOf(world);
  const [covered] = world.progress;
  const tables = {
    places: TABLE_PLACES,
    end: covered?.value?.reviewsValidEnd ?? 0,
    sweptDay: covered?.value?.day ?? null,
    statistics: byCourse(world.rows.flatMap(ofRow)),
  };
  const inputs = await readInputs(log, 0, tables, differences);
  const ports = { codecs: log.codecs, differences, onFacts: () => undefined };
  const summary = await verifyPartition(inputs, ports);
  return { differences: differences.first, summary };
};

const registry: SchemaRegistry = {
  setCompatibility: () => Promise.resolve(),
  register: () => Promise.resolve(0),
  schemaById: (id) => Promise.resolve(schemaTextOf(TOPICS[id - 1] ?? 'reviews')),
  ping: () => Promise.resolve(),
};

const logOf = (world: World): VerifyLog => {
  const records: Readonly<Record<VerifiedTopic, readonly StreamRecord[]>> = {
    reviews: encoded('reviews', world.reviews),
    'reviews-valid': encoded('reviews-valid', world.valid),
    'reviews-fraud': encoded('reviews-fraud', world.held),
    'long-term-stats': encoded('long-term-stats', world.longTerm),
    'recent-stats': encoded('recent-stats', world.recent),
    'aggregator-progress': encoded('aggregator-progress', world.progress),
    'fraud-detector-dead-letters': world.letters.map((letter) => toRecord(letter, null)),
  };
  return {
    codecs: verifyCodecs(registry),
    partitions: world.partitions,
    nameOf: (topic) => topic,
    partition: (topic, partition) => {
      const low = topic === 'fraud-detector-dead-letters' ? world.lettersLow : 0;
      return Promise.resolve(partitionLog(topic, partition, records[topic], low));
    },
  };
};

const partitionLog = (
  topic: string,
  partition: number,
  records: readonly StreamRecord[],
  low: number,
): PartitionLog => ({
  place: new Place(topic, partition),
  offsets: { partition, low: offsetOf(low), high: offsetOf((records.at(-1)?.offset ?? low - 1) + 1) },
  async *records(from = 0) {
    const asked = records.filter(({ offset }) => offset >= from);
    for (let start = 0; start < asked.length; start += BATCH_RECORDS) {
      await Promise.resolve();
      yield asked.slice(start, start + BATCH_RECORDS);
    }
  },
});

const encoded = <T>(topic: AvroTopic, log: readonly Loose<T>[]): readonly StreamRecord[] => {
  const avro = confluentAvro<T>(registry, schemaOf(topic), TOPICS.indexOf(topic) + 1);
  return log.map((record) => toRecord(record, record.value === null ? null : avro.encode(record.value)));
};

const toRecord = (record: Loose<unknown>, value: Buffer | null): StreamRecord => ({
  offset: offsetOf(record.offset),
  appendTimeMs: record.appendTimeMs,
  key: record.key === null ? null : Buffer.from(record.key),
  value,
  headers: Object.fromEntries(
    Object.entries(record.headers).map(([name, text]) => [name, Buffer.from(text)]),
  ),
});
