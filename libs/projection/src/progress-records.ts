import { CodecError, type AggregatorProgress, type FraudDetectorProgress } from '@reviews/contracts';
import type { EpochDay } from '@reviews/domain';
import type { AggregatorProgressRecord, FraudDetectorProgressRecord } from '@reviews/read-model';
import type { StreamRecord } from '@reviews/streams';

/** @throws CodecError when it speaks of another partition than it stands in */
export const parseAggregatorProgress = (
  progress: AggregatorProgress,
  record: StreamRecord,
  partition: number,
): AggregatorProgressRecord => {
  checkPartition(progress, partition);
  return { ...progress, day: progress.day as EpochDay | null, recordOffset: record.offset };
};

/** @throws CodecError when it speaks of another partition than it stands in */
export const parseFraudDetectorProgress = (
  progress: FraudDetectorProgress,
  record: StreamRecord,
  partition: number,
): FraudDetectorProgressRecord => {
  checkPartition(progress, partition);
  return { ...progress, recordOffset: record.offset };
};

const checkPartition = (progress: { readonly partition: number }, partition: number): void => {
  if (progress.partition !== partition)
    throw new CodecError(`Progress of partition ${progress.partition} in partition ${partition}`);
};
