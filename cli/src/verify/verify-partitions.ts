import { Differences } from './difference.js';
import type { PartitionSummary } from './partition-inputs.js';
import type { Publication } from './published/publication.js';
import { readInputs } from './read-inputs.js';
import type { VerifyLog } from './verify-log.js';
import { verifyPartition } from './verify-partition.js';

/** A partition to be verified. */
export interface PartitionRequest {
  readonly partition: number;
  /** What the tables say of it; undefined when only topics are compared. */
  readonly tables: Publication | undefined;
}

/** What was found in some partitions. Plain data: it crosses threads. */
export interface PartitionsFound {
  readonly summaries: readonly PartitionSummary[];
  readonly differences: Pick<Differences, 'total' | 'counts' | 'first'>;
}

/**
 * Verifies partition after partition, so that memory is bound by the largest of them.
 *
 * @param limit how many differences are kept
 * @param onFacts called now and then with the number of facts looked at since the last call
 */
export const verifyPartitions = async (
  log: VerifyLog,
  requests: readonly PartitionRequest[],
  limit: number,
  onFacts: (count: number) => void,
): Promise<PartitionsFound> => {
  const differences = new Differences(limit);
  const summaries: PartitionSummary[] = [];
  for (const { partition, tables } of requests) {
    const inputs = await readInputs(log, partition, tables, differences);
    summaries.push(await verifyPartition(inputs, { codecs: log.codecs, differences, onFacts }));
  }
  const { total, counts, first } = differences;
  return { summaries, differences: { total, counts, first } };
};
