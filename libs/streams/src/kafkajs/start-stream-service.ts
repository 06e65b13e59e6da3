import type { LogAdmin } from '../admin.js';
import type { StoreSpecs } from '../task/service-definition.js';
import type { TaskStatus } from '../task/stream-task.js';
import { systemClock } from '../clock.js';
import { AssignedTasks } from '../group/assigned-tasks.js';
import { requiredTopicsOf } from '../required-topics.js';
import { startGroupConsumer } from './group-consumer.js';
import { kafkaLogAdmin } from './kafka-log-admin.js';
import { kafkaTaskLog } from './kafka-task-log.js';
import { DEFAULT_TIMEOUTS, type StreamServiceOptions } from './stream-service-options.js';

/** A running stream service: one process's share of the tasks. */
export interface StreamService {
  tasks(): readonly TaskStatus[];
  /** Member of its group, and every task it was given is running. */
  isHealthy(): boolean;
  /** Finishes open transactions and leaves the group. */
  stop(): Promise<void>;
}

/**
 * Starts a process's share of a service: tasks come and go with the partitions the group assigns.
 *
 * @throws StreamsError TOPOLOGY_MISMATCH when the topics are not what {@link requiredTopicsOf} says; TRANSIENT when the
 *   cluster does not answer
 */
export const startStreamService = async <S extends StoreSpecs, P>(
  options: StreamServiceOptions<S, P>,
): Promise<StreamService> => {
  const admin = kafkaLogAdmin(options.connection);
  try {
    await admin.verifyTopics(requiredTopicsOf(options.definition), { partitions: options.partitions });
    const assigned = await joinGroup(options, admin);
    return {
      tasks: () => assigned.statuses(),
      isHealthy: () => assigned.isHealthy(),
      async stop() {
        await assigned.stop();
        await admin.close();
      },
    };
  } catch (error) {
    await admin.close();
    throw error;
  }
};

const joinGroup = <S extends StoreSpecs, P>(
  options: StreamServiceOptions<S, P>,
  admin: LogAdmin,
): Promise<AssignedTasks<S, P>> => {
  const { connection, definition, timeouts = DEFAULT_TIMEOUTS } = options;
  const { applicationId, source, changelog } = definition;
  return startGroupConsumer(
    {
      connection,
      groupId: applicationId,
      topics: [source, changelog],
      timeouts,
    },
    (group) =>
      new AssignedTasks(
        {
          definition,
          clock: systemClock,
          logger: options.logger ?? connection.logger,
          observer: options.observer ?? (() => undefined),
          limits: options.limits,
          deadLetterLimit: options.deadLetterLimit,
          sessionTimeoutMs: timeouts.sessionTimeoutMs,
          onFatal: (error) => {
            options.onFatal(error);
          },
        },
        kafkaTaskLog(connection, admin, timeouts.transactionTimeoutMs),
        group,
      ),
  );
};
