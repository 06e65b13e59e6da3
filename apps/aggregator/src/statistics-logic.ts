import type { CourseState } from '@reviews/domain';
import type { ReadableStore, TaskLogic } from '@reviews/streams';
import { AggregationStep } from './aggregation-step.js';
import { walkOn, type DayWalk } from './day-walk.js';
import { isSweepPending, partitionStateOf, type KeptPartitionState } from './partition-state.js';
import type { StatisticsContext, StatisticsPorts, stores } from './statistics-ports.js';

/**
 * Counts facts and brings courses to the partition's day. Its output depends on `reviews-valid` alone.
 *
 * @param courses all there are, as restored and from then on
 */
export const statisticsLogic = (
  ports: StatisticsPorts,
  courses: Pick<ReadableStore<CourseState>, 'search'>,
  restored: KeptPartitionState | undefined,
): TaskLogic<typeof stores, KeptPartitionState> => {
  let isPending = isSweepPending(partitionStateOf(restored));
  /** The step of the open transaction. */
  let step: AggregationStep | undefined;
  let walk: DayWalk | undefined;

  const stepIn = (context: StatisticsContext): AggregationStep =>
    (step ??= new AggregationStep(ports, context));

  return {
    process(records, context) {
      const open = stepIn(context);
      for (const record of records) open.apply(record);
      isPending = isSweepPending(open.state);
    },
    hasWork: () => isPending,
    work(context) {
      const open = stepIn(context);
      const { day } = open.state;
      if (day === null) return;
      walk ??= walkOn(day, courses);
      if (open.sweep(walk, ports.sweepStep) === 'arrived') walk = undefined;
      isPending = isSweepPending(open.state);
    },
    finish() {
      step?.publish();
      step = undefined;
    },
  };
};
