import type { CourseDays } from '@reviews/domain';
import type { TaskLogic } from '@reviews/streams';
import { AggregationStep } from './aggregation-step.js';
import { changeDayIndex } from './change-day-index.js';
import { isSweepPending, partitionStateOf, type KeptPartitionState } from './partition-state.js';
import type { StatisticsContext, StatisticsPorts, stores } from './statistics-ports.js';

/**
 * Counts facts and brings courses to the partition's day. Its output depends on `reviews-valid` alone.
 *
 * @param courses all there are, as restored: what decides when each changes by itself
 */
export const statisticsLogic = (
  ports: StatisticsPorts,
  courses: Iterable<[string, CourseDays]>,
  restored: KeptPartitionState | undefined,
): TaskLogic<typeof stores, KeptPartitionState> => {
  const index = changeDayIndex(courses);
  let isPending = isSweepPending(partitionStateOf(restored));
  /** The step of the open transaction. */
  let step: AggregationStep | undefined;

  const stepIn = (context: StatisticsContext): AggregationStep =>
    (step ??= new AggregationStep(ports, index, context));

  return {
    process(records, context) {
      const open = stepIn(context);
      for (const record of records) open.apply(record);
    },
    hasWork: () => isPending,
    work(context) {
      stepIn(context).sweep(ports.sweepStep);
    },
    finish() {
      if (step === undefined) return;
      step.publish();
      isPending = isSweepPending(step.state);
      step = undefined;
    },
  };
};
