import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { topicCatalogue, topicName, type SchemaRegistry, type TopicSpec } from '@reviews/contracts';
import { kafkaConnectionOf, SERVICE_CONTEXT, whenAvailable, type ServiceContext } from '@reviews/platform';
import { projectionDecoders, projectionOf } from '@reviews/projection';
import { SINK_TOPICS, type ReadModel } from '@reviews/read-model';
import {
  startPositionedConsumer,
  topicPartitionKey,
  type LogAdmin,
  type PositionedConsumer,
  type PositionedSink,
} from '@reviews/streams';
import type { StatsSinkConfig } from './config.js';
import { measuredSink } from './measured-sink.js';
import { showQuarantined } from './quarantine-metric.js';
import { LOG_ADMIN, READ_MODEL, SCHEMA_REGISTRY } from './tokens.js';

/** Consumes from the start of the service to its end; the service is up, and not ready, while Kafka is not. */
@Injectable()
export class SinkLifeCycle implements OnModuleInit, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #starting: Promise<void> | undefined;
  #consumer: PositionedConsumer | undefined;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext<StatsSinkConfig>,
    @Inject(LOG_ADMIN) private readonly admin: LogAdmin,
    @Inject(SCHEMA_REGISTRY) private readonly registry: SchemaRegistry,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  onModuleInit(): void {
    const { readiness, onFatal } = this.context;
    readiness.add({ name: 'kafka', check: () => this.admin.ping() });
    readiness.add({ name: 'schema-registry', check: () => this.registry.ping() });
    readiness.add({ name: 'postgresql', check: () => this.readModel.ping() });
    readiness.add({ name: 'consumer', check: () => this.#checkConsumer() });
    this.#starting = this.#startConsumer().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) onFatal(error);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#consumer?.stop();
    await Promise.all([this.admin.close(), this.readModel.close()]);
  }

  async #startConsumer(): Promise<void> {
    const { context, readModel, registry } = this;
    const { config, logger, metrics } = context;
    const sink = projectionOf({
      store: readModel.sink,
      decoders: projectionDecoders(registry),
      topicPrefix: config.topicPrefix,
    });
    const measured = measuredSink(sink, metrics);
    showQuarantined(() => this.#consumer?.quarantined() ?? [], metrics);
    this.#consumer = await whenAvailable(() => this.#join(measured), {
      signal: this.#stopping.signal,
      logger,
      notYet: 'The group cannot be joined yet',
    });
  }

  async #join(sink: PositionedSink): Promise<PositionedConsumer> {
    const { config, logger, onFatal } = this.context;
    const { topicPrefix, topicPartitions } = config;
    const topics = SINK_TOPICS.map((topic) => topicName(topicPrefix, topic));
    const required = topicCatalogue(topicPrefix).filter(({ name }) => topics.includes(name));
    await this.admin.verifyTopics(required, { partitions: topicPartitions });
    return startPositionedConsumer({
      connection: kafkaConnectionOf(this.context),
      groupId: `${topicPrefix}stats-sink`,
      topics,
      compactedTopics: required.filter(isCompacted).map(({ name }) => name),
      sink,
      timeouts: config,
      logger,
      onFatal,
    });
  }

  #checkConsumer(): Promise<void> {
    if (this.#consumer?.isHealthy() === true) return Promise.resolve();
    const quarantined = this.#consumer?.quarantined() ?? [];
    const reason =
      quarantined.length === 0
        ? 'not every partition is being applied'
        : `quarantined: ${quarantined.map(topicPartitionKey).join(', ')}`;
    return Promise.reject(new Error(reason));
  }
}

const isCompacted = ({ config }: TopicSpec): boolean => config['cleanup.policy'] === 'compact';
