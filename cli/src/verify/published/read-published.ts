import { CodecError, type AggregatorProgress } from '@reviews/contracts';
import { coursePlaces, type Home } from '../course-places.js';
import type { DifferenceKind, Differences } from '../difference.js';
import type { CoveredOffsets } from '../partition-inputs.js';
import type { PartitionLog } from '../partition-log.js';
import type { Reader, StatisticReaders } from '../verify-codecs.js';
import type { VerifyLog } from '../verify-log.js';
import type { Publication } from './publication.js';
import { ofTopic, type PublishedStatistic, type Scope } from './published-statistic.js';

/** What the aggregator said last of a partition. */
export interface TopicProgress extends CoveredOffsets {
  readonly day: number | null;
}

/** What `long-term-stats` and `recent-stats` say of a partition: the newest statistics of each course. */
export const readTopicStatistics = async (
  log: VerifyLog,
  home: Home,
  differences: Differences,
): Promise<Pick<Publication, 'places' | 'statistics'>> => {
  const longTerm = await log.partition('long-term-stats', home.partition);
  const recent = await log.partition('recent-stats', home.partition);
  const { longTermStats, recentStats } = log.codecs;
  return {
    places: { allTime: longTerm.place.partition, recent: recent.place.partition },
    statistics: {
      allTime: await readStatistics(longTerm, longTermStats, 'allTime', home, differences),
      recent: await readStatistics(recent, recentStats, 'recent', home, differences),
    },
  };
};

const readStatistics = async (
  log: PartitionLog,
  { heads, whole }: StatisticReaders,
  scope: Scope,
  home: Home,
  differences: Differences,
): Promise<ReadonlyMap<string, PublishedStatistic>> => {
  const places = coursePlaces(home);
  const newest = new Map<
    string,
    { readonly version: number; readonly value: Buffer; readonly where: string }
  >();
  await eachValue(log, heads, differences, ({ courseId, version }, { key, value }, where) => {
    const report = (kind: DifferenceKind, what: string): void => {
      differences.add(kind, where(), what);
    };
    places.judge(courseId, key, report);
    const before = newest.get(courseId);
    if (before !== undefined && before.version > version)
      report('wrong-version', `course ${courseId}: version ${version} after ${before.version}`);
    // A copy: the value is a slice of megabytes.
    newest.set(courseId, { version, value: Buffer.from(value), where: where() });
  });
  await whole.resolveWriters([...newest.values()].map(({ value }) => value));
  return new Map(
    [...newest].map(([courseId, { value, where }]) => [courseId, ofTopic(whole.decode(value), scope, where)]),
  );
};

/** The newest record of a partition of `aggregator-progress`; undefined when there is none. */
export const readProgress = async (
  log: PartitionLog,
  codec: Reader<AggregatorProgress>,
  { partition }: Home,
  differences: Differences,
): Promise<TopicProgress | undefined> => {
  let newest: TopicProgress | undefined;
  await eachValue(log, codec, differences, (record, _at, where) => {
    if (record.partition === partition) newest = { ...record, where: where() };
    else differences.add('wrong-partition', where(), `progress of partition ${record.partition}`);
  });
  return newest;
};

/** Hands over every value; what is none is reported. */
const eachValue = async <T>(
  log: PartitionLog,
  codec: Reader<T>,
  differences: Differences,
  onValue: (decoded: T, at: PresentRecord, where: () => string) => void,
): Promise<void> => {
  for await (const batch of log.records()) {
    await codec.resolveWriters(batch.map(({ value }) => value));
    for (const { key, value, offset } of batch) {
      const where = (): string => log.place.at(offset);
      if (value === null) {
        differences.add('tombstone', where(), `it deletes ${String(key)}`);
        continue;
      }
      try {
        onValue(codec.decode(value), { key, value }, where);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        differences.add('unreadable', where(), error.message);
      }
    }
  }
};

interface PresentRecord {
  readonly key: Buffer | null;
  readonly value: Buffer;
}
