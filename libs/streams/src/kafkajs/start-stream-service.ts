import type { StoreSpecs } from '../task/service-definition.js';
import type { TaskStatus } from '../task/stream-task.js';
import { AssignedTasks } from './assigned-tasks.js';
import { kafkaOf } from './connection.js';
import { startGroupConsumer } from './group-consumer.js';
import { kafkaLogAdmin } from './kafka-log-admin.js';
import type { StreamServiceOptions } from './stream-service-options.js';

/** A running stream service: one process's share of the tasks. */
export interface StreamService {
  tasks(): readonly TaskStatus[];
  /** Member of its group, and every task it was given is running. */
  isHealthy(): boolean;
  /** Finishes open transactions and leaves the group. */
  stop(): Promise<void>;
}

/** Starts a process's share of a service: tasks come and go with the partitions the group assigns. */
export const startStreamService = async <S extends StoreSpecs, P>(
  options: StreamServiceOptions<S, P>,
): Promise<StreamService> => {
  const { connection, definition, partitions, timeouts } = options;
  const { applicationId, source, changelog } = definition;
  const kafka = kafkaOf({ ...connection, requestTimeoutMs: timeouts.transactionTimeoutMs });
  const admin = kafkaLogAdmin(connection);
  const assigned = await startGroupConsumer(
    {
      connection,
      groupId: applicationId,
      topics: [source, changelog],
      concurrency: 2 * partitions,
      timeouts,
    },
    (group) => new AssignedTasks(options, { kafka, admin }, group),
  );
  return {
    tasks: () => assigned.statuses(),
    isHealthy: () => assigned.isHealthy(),
    async stop() {
      await assigned.stop();
      await admin.close();
    },
  };
};
