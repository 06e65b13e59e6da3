import { CodecError, type ConfluentAvro } from '@reviews/contracts';
import type { StreamRecord } from '@reviews/streams';
import { coursePlaces, type Home } from './course-places.js';
import type { DifferenceKind, Differences } from './difference.js';
import type { PartitionLog } from './partition-log.js';
import type { Fact } from './read-change.js';
import { RecordCursor } from './record-cursor.js';

/** How the records of a topic of facts are read. */
export interface FactSource<R, F extends Fact> {
  readonly log: PartitionLog;
  readonly codec: Pick<ConfluentAvro<R>, 'decode' | 'resolveWriters'>;
  /** A text says why the record says nothing that can be. */
  readonly toFact: (record: R, at: StreamRecord) => F | string;
}

/**
 * The facts of a partition, in an order that can be relied on: what cannot be read, or has a cause that does not come
 * after the one before, is reported and left out, as the aggregator refuses it. What is in the wrong partition or under a
 * wrong key is reported and counted.
 */
export const factCursor = <R, F extends Fact>(
  { log, codec, toFact }: FactSource<R, F>,
  home: Home,
  differences: Differences,
): RecordCursor<F> => {
  const places = coursePlaces(home);
  let lastOffset = -1;
  let lastOrdinal = -1;

  const read = (record: StreamRecord): F | undefined => {
    const report = (kind: DifferenceKind, what: string): void => {
      differences.add(kind, log.place.at(record.offset), what);
    };
    if (record.value === null) {
      report('tombstone', 'a fact without a value');
      return undefined;
    }
    const fact = decode(codec, toFact, record);
    if (typeof fact === 'string') {
      report('unreadable', fact);
      return undefined;
    }
    const { causeOffset, causeOrdinal } = fact;
    if (causeOffset < lastOffset || (causeOffset === lastOffset && causeOrdinal <= lastOrdinal)) {
      const last = `${lastOffset}.${lastOrdinal}`;
      report('cause-order', `cause ${causeOffset}.${causeOrdinal} does not come after ${last}`);
      return undefined;
    }
    lastOffset = causeOffset;
    lastOrdinal = causeOrdinal;
    if ('courseId' in fact) places.judge(fact.courseId, record.key, report);
    return fact;
  };

  return new RecordCursor(
    log.records(),
    (batch) => codec.resolveWriters(batch.map(({ value }) => value)),
    read,
  );
};

const decode = <R, F extends Fact>(
  codec: FactSource<R, F>['codec'],
  toFact: FactSource<R, F>['toFact'],
  record: StreamRecord,
): F | string => {
  try {
    return toFact(codec.decode(record.value), record);
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
};
