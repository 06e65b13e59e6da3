import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  topicCatalogue,
  topicWriter,
  type ReviewCommandRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { ReviewCommand } from '@reviews/domain';
import { SERVICE_CONTEXT, whenAvailable, type ServiceContext } from '@reviews/platform';
import { StreamsError, type BulkAccepted, type LogAdmin, type LogAppender } from '@reviews/streams';
import { LOG_ADMIN, LOG_APPENDER, SCHEMA_REGISTRY } from '../tokens.js';
import { commandLog, type AppendedCommand, type CommandLog } from './command-log.js';

/**
 * The command log of a service that may start before Kafka and the registry do: statistics can be read meanwhile, and
 * commands are answered with 503. Topics that differ from what they must be end the process.
 */
@Injectable()
export class OpeningCommandLog implements CommandLog, OnModuleInit, OnApplicationShutdown {
  private opened: CommandLog | undefined;
  private readonly shutdown = new AbortController();

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(LOG_APPENDER) private readonly appender: LogAppender,
    @Inject(LOG_ADMIN) private readonly admin: Pick<LogAdmin, 'verifyTopics'>,
    @Inject(SCHEMA_REGISTRY) private readonly registry: SchemaRegistry,
  ) {}

  onModuleInit(): void {
    this.context.readiness.add({
      name: 'command-log',
      check: () => (this.opened === undefined ? notOpen() : Promise.resolve()),
    });
    // Handed over: the service starts without it, and its end is either an open log or the end of the process.
    void this.openWhenPossible().catch(this.context.onFatal);
  }

  onApplicationShutdown(): void {
    this.shutdown.abort();
  }

  append(command: ReviewCommand): Promise<AppendedCommand> {
    return this.opened === undefined ? notOpen() : this.opened.append(command);
  }

  appendInBulk(commands: readonly ReviewCommand[]): Promise<BulkAccepted> {
    return this.opened === undefined ? notOpen() : this.opened.appendInBulk(commands);
  }

  private async openWhenPossible(): Promise<void> {
    this.opened = await whenAvailable(() => this.open(), {
      signal: this.shutdown.signal,
      logger: this.context.logger,
      notYet: 'Cannot open the command log yet',
    });
  }

  private async open(): Promise<CommandLog> {
    const { topicPrefix: prefix, topicPartitions: partitions } = this.context.config;
    await this.admin.verifyTopics(topicCatalogue(prefix), { partitions });
    const avro = await topicWriter<ReviewCommandRecord>(this.registry, prefix, 'reviews');
    return commandLog(this.appender, avro, { prefix, partitions });
  }
}

const notOpen = (): Promise<never> =>
  Promise.reject(new StreamsError('TRANSIENT', 'Topics and schema are not verified yet'));
