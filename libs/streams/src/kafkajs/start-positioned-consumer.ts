import type { PositionedConsumer } from '../group/positioned-consumer.js';
import { AppliedPartitions } from '../group/applied-partitions.js';
import { startGroupConsumer } from './group-consumer.js';
import type { PositionedConsumerOptions } from './positioned-consumer-options.js';

/** Starts a consumer that reads each partition from where its sink says it stands. */
export const startPositionedConsumer = (options: PositionedConsumerOptions): Promise<PositionedConsumer> => {
  const { connection, groupId, topics, timeouts } = options;
  return startGroupConsumer(
    { connection, groupId, topics, timeouts },
    (group) => new AppliedPartitions(options, group),
  );
};
