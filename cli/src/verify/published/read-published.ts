import {
  CodecError,
  type AggregatorProgress,
  type ConfluentAvro,
  type CourseStatisticsRecord,
} from '@reviews/contracts';
import { coursePlaces, type Home } from '../course-places.js';
import type { DifferenceKind, Differences } from '../difference.js';
import type { CoveredOffsets } from '../partition-inputs.js';
import type { PartitionLog } from '../partition-log.js';
import { ofTopic, type PublishedStatistic, type Scope } from './published-statistic.js';

type Reader<T> = Pick<ConfluentAvro<T>, 'decode' | 'resolveWriters'>;

/** What the aggregator said last of a partition. */
export interface TopicProgress extends CoveredOffsets {
  readonly day: number | null;
}

/** The newest statistic of each course in a partition of `long-term-stats` or `recent-stats`. */
export const readStatistics = async (
  log: PartitionLog,
  codec: Reader<CourseStatisticsRecord>,
  scope: Scope,
  home: Home,
  differences: Differences,
): Promise<ReadonlyMap<string, PublishedStatistic>> => {
  const places = coursePlaces(home);
  const newest = new Map<string, PublishedStatistic>();
  await eachValue(log, codec, differences, (record, key, where) => {
    const report = (kind: DifferenceKind, what: string): void => {
      differences.add(kind, where, what);
    };
    const statistic = ofTopic(record, scope, where);
    const { courseId, version } = statistic;
    places.judge(courseId, key, report);
    const before = newest.get(courseId);
    if (before !== undefined && before.version > version)
      report('wrong-version', `course ${courseId}: version ${version} after ${before.version}`);
    newest.set(courseId, statistic);
  });
  return newest;
};

/** The newest record of a partition of `aggregator-progress`; undefined when there is none. */
export const readProgress = async (
  log: PartitionLog,
  codec: Reader<AggregatorProgress>,
  { partition }: Home,
  differences: Differences,
): Promise<TopicProgress | undefined> => {
  let newest: TopicProgress | undefined;
  await eachValue(log, codec, differences, (record, _key, where) => {
    if (record.partition === partition) newest = { ...record, where };
    else differences.add('wrong-partition', where, `progress of partition ${record.partition}`);
  });
  return newest;
};

/** Hands over every value; what is none is reported. */
const eachValue = async <T>(
  log: PartitionLog,
  codec: Reader<T>,
  differences: Differences,
  onValue: (value: T, key: Buffer | null, where: string) => void,
): Promise<void> => {
  for await (const batch of log.records()) {
    await codec.resolveWriters(batch.map(({ value }) => value));
    for (const { key, value, offset } of batch) {
      const where = log.place.at(offset);
      if (value === null) {
        differences.add('tombstone', where, `it deletes ${String(key)}`);
        continue;
      }
      try {
        onValue(codec.decode(value), key, where);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        differences.add('unreadable', where, error.message);
      }
    }
  }
};
