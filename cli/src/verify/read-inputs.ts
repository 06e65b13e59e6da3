import type { Differences } from './difference.js';
import type { PartitionInputs } from './partition-inputs.js';
import type { Publication } from './published/publication.js';
import { readProgress, readTopicStatistics } from './published/read-published.js';
import { requireWhole, type VerifyLog } from './verify-log.js';

/**
 * Looks up what is to be compared in a partition. The order is what lets it be done on a running system: first what is
 * claimed, then the statistics, which include at least that, then the ends of the facts, which go at least as far, and
 * last everything the facts can speak of.
 *
 * @param tables what the tables say of this partition, taken before
 */
export const readInputs = async (
  log: VerifyLog,
  partition: number,
  tables: Publication | undefined,
  differences: Differences,
): Promise<PartitionInputs> => {
  const { codecs, partitions } = log;
  const home = { partition, partitions };
  const progressLog = await log.partition('aggregator-progress', partition);
  const progress = await readProgress(progressLog, codecs.progress, home, differences);
  const topics: Publication = {
    ...(await readTopicStatistics(log, home, differences)),
    end: progress?.reviewsValidEnd ?? 0,
    sweptDay: progress?.day ?? null,
  };
  const valid = requireWhole(await log.partition('reviews-valid', partition));
  return {
    partition,
    partitions,
    reviewsTopic: log.nameOf('reviews'),
    progress,
    publications: tables === undefined ? [topics] : [topics, tables],
    logs: {
      valid,
      held: requireWhole(await log.partition('reviews-fraud', partition)),
      letters: await log.partition('fraud-detector-dead-letters', partition),
      reviews: requireWhole(await log.partition('reviews', partition)),
    },
  };
};
