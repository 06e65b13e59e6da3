import type { Consumer } from 'kafkajs';
import type { ConsumerTimeouts } from '../group/consumer-timeouts.js';
import type { GroupConsumer, GroupHandlers } from '../group/group-consumer.js';
import { StreamsError } from '../streams-error.js';
import { Fetcher } from '../wire/fetcher.js';
import { toStreamsError } from './classify-error.js';
import { coPartitionedAssigner } from './co-partitioned-assigner.js';
import { kafkaOf, wireClusterOf, type KafkaConnection } from './connection.js';

export interface GroupConsumerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly timeouts: ConsumerTimeouts;
}

/** Who keeps the membership, and who brings the records. */
interface Member {
  readonly consumer: Consumer;
  readonly fetcher: Fetcher;
  /** Whether it was told to stop: the client may join once more all the same. */
  isStopped: boolean;
}

/** How often the client, for which everything is always paused, looks whether a heartbeat is due. */
const LOOK_EVERY_MS = 100;

/**
 * Joins the group and calls the handlers until stopped. kafkajs keeps the membership and nothing else: for it everything
 * stays paused, and a fetcher of our own brings the records.
 *
 * @param handlersOf makes the handlers, given what they steer the consumer with; it works from the first join on
 */
export const startGroupConsumer = async <H extends GroupHandlers>(
  options: GroupConsumerOptions,
  handlersOf: (group: GroupConsumer) => H,
): Promise<H> => {
  const { connection, groupId, topics } = options;
  let generation = -1;
  const claim = (): { owned: readonly number[]; generation: number } => ({
    owned: handlers.owned(),
    generation,
  });
  const consumer = consumerOf(options, claim, () => !member.isStopped);
  const fetcher = new Fetcher(wireClusterOf(connection), connection.logger, {
    onBatch: (batch) => handlers.onBatch(batch),
    onSkipped(target, first, next) {
      handlers.onSkipped(target, first, next);
    },
    onFatal(error) {
      void stop(member).catch(() => undefined);
      handlers.onCrash(error);
    },
  });
  const member = { consumer, fetcher, isStopped: false };
  const handlers = handlersOf(steering(member));
  listen(member, handlers, connection);
  // The client tells it with heartbeats only; a claim that is one generation old moves more than it must, and harms nothing.
  consumer.on(consumer.events.HEARTBEAT, ({ payload }) => {
    generation = payload.groupGenerationId;
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics] });
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    return handlers;
  } catch (error) {
    await stop(member).catch(() => undefined);
    throw toStreamsError(error, `Join group ${groupId}`);
  }
};

const consumerOf = (
  { connection, groupId, timeouts }: GroupConsumerOptions,
  claim: Parameters<typeof coPartitionedAssigner>[0],
  mayRestart: () => boolean,
): Consumer =>
  kafkaOf(connection).consumer({
    groupId,
    sessionTimeout: timeouts.sessionTimeoutMs,
    rebalanceTimeout: timeouts.rebalanceTimeoutMs,
    heartbeatInterval: timeouts.heartbeatIntervalMs,
    partitionAssigners: [coPartitionedAssigner(claim)],
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: LOOK_EVERY_MS,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      retries: 8,
      // The client may be between a crash and its next start when it is told to stop, and would come back as a ghost.
      restartOnFailure: () => Promise.resolve(mayRestart()),
    },
  });

const steering = (member: Member): GroupConsumer => ({
  seekAndResume(target, offset) {
    member.fetcher.seekAndResume(target, offset);
  },
  pause(target) {
    member.fetcher.pause(target);
  },
  resume(target) {
    member.fetcher.resume(target);
  },
  async commitForLagTools({ topic, partition }, next) {
    // Nothing resumes from a group's offsets, so a lost commit only makes a chart a moment late.
    await member.consumer.commitOffsets([{ topic, partition, offset: String(next) }]).catch(() => undefined);
  },
  stop: () => stop(member),
});

const stop = async (member: Member): Promise<void> => {
  member.isStopped = true;
  // Whoever is given the partitions next should not meet what is still being handled here.
  await member.fetcher.stop();
  await member.consumer.disconnect();
};

const listen = (member: Member, handlers: GroupHandlers, { logger }: KafkaConnection): void => {
  const { consumer, fetcher } = member;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    // Before the client fetches for the first time.
    consumer.pause(assigned.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    if (member.isStopped) {
      void consumer.disconnect().catch(() => undefined);
      return;
    }
    fetcher.assign(assigned);
    handlers.onHeartbeat();
    handlers.onAssigned(assigned);
  });
  consumer.on(consumer.events.HEARTBEAT, () => {
    handlers.onHeartbeat();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // Until it has joined again, it cannot know what is assigned to it.
    fetcher.assign([]);
    if (payload.restart)
      logger.warn({ err: payload.error, groupId: payload.groupId }, 'consumer starts again');
    else
      handlers.onCrash(
        new StreamsError('FATAL', `Consumer of group ${payload.groupId} died`, { cause: payload.error }),
      );
  });
};
