import { PLAIN_HABITS, type InMemoryClient } from './client/in-memory-client.js';
import { InMemoryConsumer } from './client/in-memory-consumer.js';
import { fenceInMemory } from './client/in-memory-writer.js';
import { Network, PERFECT_NETWORK, type RequestFault, type RequestKind } from './client/network.js';
import { InMemoryCluster } from './cluster/in-memory-cluster.js';
import { asClientError } from './cluster/broker-error.js';
import { topicPartitionKey } from '../records.js';
import type { TransactionalWriter } from '../task/task-log.js';
import type { TaskLogWorld } from './contract/task-log-world.js';
import { ProcessTime } from './time/process-time.js';
import { VirtualTime } from './time/virtual-time.js';

const TIMEOUTS = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 1_000 };
const TRANSACTION_TIMEOUT_MS = 5_000;
const PATIENCE_MS = 30_000;
const STEP_MS = 50;
const FAULT_OF = { 'cut request': 'request lost', 'cut response': 'response lost' } as const;

/** The cluster in memory, whose time passes while somebody waits. */
export const inMemoryWorld = (): TaskLogWorld => {
  const time = new VirtualTime();
  const cluster = new InMemoryCluster({
    nowMs: () => Date.UTC(2026, 0, 1) + time.nowMs(),
    schedule: (delayMs, callback) => void time.schedule(delayMs, callback),
    markerDelayMs: () => 2,
  });
  const cuts = new Map<RequestKind, RequestFault>();
  const faultOf = (kind: RequestKind): RequestFault => {
    const fault = cuts.get(kind) ?? 'none';
    cuts.delete(kind);
    return fault;
  };
  let names = 0;
  const newName = (): string => `name-${names++}`;

  const newClient = (): InMemoryClient => {
    const life = new ProcessTime(time);
    const network = new Network(time, life, { ...PERFECT_NETWORK, faultOf }, () => undefined);
    return { cluster, network, clock: life, habits: PLAIN_HABITS };
  };

  /** Lets time pass until a promise is settled. */
  const driven = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    await time.run({ untilMs: time.nowMs() + PATIENCE_MS, isDone: () => state.isSettled });
    return promise;
  };
  const pass = (ms: number): Promise<void> => time.run({ untilMs: time.nowMs() + ms });

  const drivenWriter = (writer: TransactionalWriter): TransactionalWriter => ({
    begin: (targets) => driven(writer.begin(targets)),
    send: (target, records) => driven(writer.send(target, records)),
    sendOffset: (groupId, source, next) => driven(writer.sendOffset(groupId, source, next)),
    commit: () => driven(writer.commit()),
    discard: () => driven(writer.discard()),
  });

  return {
    log: {
      fence: async (transactionalId) =>
        drivenWriter(await driven(fenceInMemory(newClient(), transactionalId, TRANSACTION_TIMEOUT_MS))),
      offsetsOf: (target) =>
        driven(newClient().network.request('ListOffsets', '', () => cluster.offsetsOf(target))).catch(
          (error: unknown) => {
            throw asClientError(error, 'read offsets');
          },
        ),
    },
    newTopics: (count) => Promise.resolve(Array.from({ length: count }, newName)),
    newName,
    append(target, ...values) {
      cluster.append(
        target,
        values.map((value) => ({ key: null, value: Buffer.from(value) })),
      );
      return Promise.resolve();
    },
    committed(topic) {
      const { records = [] } =
        cluster.fetch({ topic, partition: 0 }, cluster.partition({ topic, partition: 0 }).low, Infinity) ??
        {};
      return Promise.resolve(records.map(({ value }) => String(value)));
    },
    groupOffset: (groupId, target) =>
      Promise.resolve(cluster.group(groupId).committedOffset(topicPartitionKey(target)).last),
    join(groupId, topics, partitions, handlersOf) {
      new InMemoryConsumer(
        newClient(),
        { groupId, topics, partitions, timeouts: TIMEOUTS, brokers: 1 },
        (group) =>
          handlersOf({
            seekAndResume: (partition, offset) => {
              group.seekAndResume(partition, offset);
            },
            pause: (partition) => {
              group.pause(partition);
            },
            resume: (partition) => {
              group.resume(partition);
            },
            commitForLagTools: (partition, next) => driven(group.commitForLagTools(partition, next)),
            stop: () => driven(group.stop()),
          }),
      );
      return Promise.resolve();
    },
    cutNext(kind, cut) {
      cuts.set(kind, FAULT_OF[cut]);
    },
    async eventually(check) {
      const giveUpMs = time.nowMs() + PATIENCE_MS;
      for (;;) {
        try {
          await check();
          return;
        } catch (error) {
          if (time.nowMs() >= giveUpMs) throw error;
          await pass(STEP_MS);
        }
      }
    },
    pass,
    close: () => Promise.resolve(),
  };
};
