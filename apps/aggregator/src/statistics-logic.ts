import type { TaskLogic, TransactionContext } from '@reviews/streams';
import { AggregationStep, isSweepPending } from './aggregation-step.js';
import { changeDayIndex } from './change-day-index.js';
import { FIRST_STATE, type PartitionState } from './partition-state.js';
import type { StatisticsPorts } from './statistics-ports.js';

/** Counts facts and brings courses to the partition's day. Its output depends on `reviews-valid` alone. */
export const statisticsLogic = (
  ports: StatisticsPorts,
  restored: PartitionState | undefined,
): TaskLogic<PartitionState> => {
  const index = changeDayIndex(ports.courses.entries());
  let isPending = isSweepPending(restored ?? FIRST_STATE);

  const inTransaction = (
    context: TransactionContext<PartitionState>,
    work: (step: AggregationStep) => void,
  ): void => {
    const step = new AggregationStep(ports, index, context.partitionState() ?? FIRST_STATE);
    work(step);
    step.publish(context);
    isPending = isSweepPending(step.state);
  };

  return {
    process(records, context) {
      inTransaction(context, (step) => {
        for (const record of records) step.apply(record);
      });
    },
    hasWork: () => isPending,
    work(context) {
      inTransaction(context, (step) => {
        step.sweep(ports.sweepStep);
      });
    },
  };
};
