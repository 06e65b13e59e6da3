import {
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import {
  DEFAULT_LIMITS,
  kafkaLogAdmin,
  startStreamService,
  type KafkaConnection,
  type LogAdmin,
  type RequiredTopic,
  type ServiceDefinition,
  type StoreSpecs,
  type StreamService,
  type TaskObserver,
} from '@reviews/streams';
import { kafkaConnectionOf } from '../service/kafka-connection-of.js';
import { SERVICE_CONTEXT, type ServiceContext } from '../service/service-context.js';
import { whenAvailable } from '../service/when-available.js';
import { streamMetrics } from './stream-metrics.js';

const WIRING = Symbol('StreamServiceWiring');
const MINUTE_MS = 60_000;

/** What a stream service needs before it can run. */
export interface StreamServiceWiring<S extends StoreSpecs, P> {
  /** Topics that must exist as described. */
  requiredTopics(context: ServiceContext): readonly RequiredTopic[];
  /** The service; may do I/O, such as registering schemas. Called again when that fails for now. */
  define(context: ServiceContext): Promise<ServiceDefinition<S, P>>;
  /** Another part the service cannot do without. */
  readonly checks: readonly {
    readonly name: string;
    readonly check: (context: ServiceContext) => Promise<void>;
  }[];
}

/** Runs a stream service for the life of the application. */
@Injectable()
class StreamServiceLifeCycle implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #admin: LogAdmin;
  readonly #connection: KafkaConnection;
  readonly #observer: TaskObserver;
  #service: StreamService | undefined;
  #starting: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(WIRING) private readonly wiring: StreamServiceWiring<StoreSpecs, unknown>,
  ) {
    this.#connection = kafkaConnectionOf(context);
    this.#admin = kafkaLogAdmin(this.#connection);
    this.#observer = streamMetrics(context.metrics, { tasks: () => this.#service?.tasks() ?? [] });
  }

  onApplicationBootstrap(): void {
    const { readiness } = this.context;
    readiness.add({ name: 'kafka', check: () => this.#admin.ping() });
    for (const { name, check } of this.wiring.checks)
      readiness.add({ name, check: () => check(this.context) });
    readiness.add({ name: 'tasks', check: () => this.#checkTasks() });
    // The port opens while Kafka may still be starting: readiness tells when the tasks run.
    this.#starting = this.#start().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.context.onFatal(error);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#service?.stop();
    await this.#admin.close();
  }

  async #start(): Promise<void> {
    this.#service = await whenAvailable(() => this.#startOnce(), {
      signal: this.#stopping.signal,
      logger: this.context.logger,
      notYet: 'not started yet, trying again',
    });
  }

  async #startOnce(): Promise<StreamService> {
    const { config, logger, onFatal } = this.context;
    const partitions = config.topicPartitions;
    await this.#admin.verifyTopics(this.wiring.requiredTopics(this.context), { partitions });
    const definition = await this.wiring.define(this.context);
    return startStreamService({
      connection: this.#connection,
      definition,
      partitions,
      timeouts: config,
      logger,
      observer: this.#observer,
      limits: { ...DEFAULT_LIMITS, maxRecords: config.transactionMaxRecords },
      deadLetterLimit: { max: config.deadLettersPerMinute, perMs: MINUTE_MS },
      onFatal,
    });
  }

  #checkTasks(): Promise<void> {
    if (this.#service?.isHealthy()) return Promise.resolve();
    const states = this.#service?.tasks().map(({ taskId, state }) => `${taskId} ${state}`) ?? [];
    return Promise.reject(
      new Error(states.length === 0 ? 'not a member of the group yet' : states.join(', ')),
    );
  }
}

/** Nest's side of a stream service: starts and stops it with the application, and reports whether its tasks run. */
@Module({})
export class StreamServiceModule {
  static of<S extends StoreSpecs, P>(wiring: StreamServiceWiring<S, P>): DynamicModule {
    return {
      module: StreamServiceModule,
      providers: [{ provide: WIRING, useValue: wiring }, StreamServiceLifeCycle],
    };
  }
}
