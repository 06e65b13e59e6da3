import { AssignedTasks, type AssignedTasksOptions } from '../../group/assigned-tasks.js';
import type { ConsumerTimeouts } from '../../group/consumer-timeouts.js';
import type { StreamLogger } from '../../stream-logger.js';
import type { StreamsError } from '../../streams-error.js';
import type { ServiceDefinition, StoreSpecs } from '../../task/service-definition.js';
import type { TaskObserver } from '../../task/task-observer.js';
import type { TaskStatus } from '../../task/stream-task.js';
import type { TransactionLimits } from '../../task/transaction-limits.js';
import { asClientError } from '../cluster/broker-error.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import { ProcessTime } from '../time/process-time.js';
import type { VirtualTime } from '../time/virtual-time.js';
import { PLAIN_HABITS, type ClientHabits, type InMemoryClient } from './in-memory-client.js';
import { InMemoryConsumer } from './in-memory-consumer.js';
import { fenceInMemory } from './in-memory-writer.js';
import { Network, PERFECT_NETWORK, type NetworkObserver, type NetworkPlan } from './network.js';

export interface InMemoryProcessInit<S extends StoreSpecs, P> {
  readonly cluster: InMemoryCluster;
  readonly time: VirtualTime;
  readonly definition: ServiceDefinition<S, P>;
  readonly partitions: number;
  /** Default: {@link SIMULATED_TIMEOUTS}. */
  readonly timeouts?: ConsumerTimeouts & { readonly transactionTimeoutMs: number };
  /** Brokers that lead the partitions in turn; default 1. */
  readonly brokers?: number;
  /** Default: nothing is ever lost. */
  readonly plan?: NetworkPlan;
  readonly habits?: ClientHabits;
  readonly limits?: TransactionLimits;
  readonly logger?: StreamLogger;
  readonly observer?: TaskObserver;
  /** Told of every request that reaches a broker. */
  readonly onRequest?: NetworkObserver;
  /** The service ended its process. */
  onExit?(error: StreamsError): void;
}

/** As the embedded stack has them. */
const SIMULATED_TIMEOUTS = Object.freeze({
  heartbeatIntervalMs: 1_000,
  transactionTimeoutMs: 5_000,
  sessionTimeoutMs: 6_000,
  rebalanceTimeoutMs: 10_000,
});

const SILENT: StreamLogger = Object.freeze({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
});

/** A process of a stream service on an {@link InMemoryCluster}: it can be killed, frozen and stopped. */
export interface InMemoryProcess {
  tasks(): readonly TaskStatus[];
  isHealthy(): boolean;
  /** The error it ended itself with, if it did. */
  readonly fatal: StreamsError | undefined;
  readonly isDead: boolean;
  /** As SIGTERM: finishes what is open and leaves. Resolves only if it lives to do that. */
  stop(): Promise<void>;
  /** As SIGKILL. Requests on their way may still arrive. */
  kill(): void;
  /** As SIGSTOP. */
  freeze(): void;
  /** As SIGCONT. */
  thaw(): void;
}

export const startInMemoryProcess = <S extends StoreSpecs, P>(
  init: InMemoryProcessInit<S, P>,
): InMemoryProcess => {
  const { cluster, time, definition, partitions, timeouts = SIMULATED_TIMEOUTS, brokers = 1 } = init;
  const life = new ProcessTime(time);
  const network = new Network(time, life, init.plan ?? PERFECT_NETWORK, init.onRequest ?? (() => undefined));
  const client: InMemoryClient = { cluster, network, clock: life, habits: init.habits ?? PLAIN_HABITS };
  let fatal: StreamsError | undefined;

  const options: AssignedTasksOptions<S, P> = {
    definition,
    sessionTimeoutMs: timeouts.sessionTimeoutMs,
    logger: init.logger ?? SILENT,
    clock: life,
    observer: init.observer ?? (() => undefined),
    ...(init.limits === undefined ? {} : { limits: init.limits }),
    onFatal(error) {
      if (life.isDead) return;
      fatal = error;
      life.kill();
      init.onExit?.(error);
    },
  };
  const log = {
    fence: (transactionalId: string) => fenceInMemory(client, transactionalId, timeouts.transactionTimeoutMs),
    offsetsOf: (target: Parameters<InMemoryCluster['offsetsOf']>[0]) =>
      network
        .request('ListOffsets', `${target.topic}/${target.partition}`, () => cluster.offsetsOf(target))
        .catch((error: unknown) => {
          throw asClientError(error, 'read offsets');
        }),
  };
  let tasks: AssignedTasks<S, P> | undefined;
  new InMemoryConsumer(
    client,
    {
      groupId: definition.applicationId,
      topics: [definition.source, definition.changelog],
      partitions,
      timeouts,
      brokers,
    },
    (group) => (tasks = new AssignedTasks(options, log, group)),
  );
  return {
    tasks: () => tasks?.statuses() ?? [],
    isHealthy: () => tasks?.isHealthy() ?? false,
    get fatal() {
      return fatal;
    },
    get isDead() {
      return life.isDead;
    },
    async stop() {
      await tasks?.stop();
      life.kill();
    },
    kill: () => {
      life.kill();
    },
    freeze: () => {
      life.freeze();
    },
    thaw: () => {
      life.thaw();
    },
  };
};
