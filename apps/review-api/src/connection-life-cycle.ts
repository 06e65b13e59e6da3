import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { SchemaRegistry } from '@reviews/contracts';
import { SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import type { ReadModel } from '@reviews/read-model';
import type { LogAdmin, LogAppender } from '@reviews/streams';
import { LOG_ADMIN, LOG_APPENDER, READ_MODEL, SCHEMA_REGISTRY } from './tokens.js';

/** Watches over the connections while the service runs, and closes them after the last request. */
@Injectable()
export class ConnectionLifeCycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(LOG_APPENDER) private readonly appender: LogAppender,
    @Inject(LOG_ADMIN) private readonly admin: Pick<LogAdmin, 'ping' | 'close'>,
    @Inject(SCHEMA_REGISTRY) private readonly registry: Pick<SchemaRegistry, 'ping'>,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'ping' | 'close'>,
  ) {}

  onModuleInit(): void {
    const { readiness } = this.context;
    readiness.add({ name: 'kafka', check: () => this.admin.ping() });
    readiness.add({ name: 'schema-registry', check: () => this.registry.ping() });
    readiness.add({ name: 'postgresql', check: () => this.readModel.ping() });
  }

  async onApplicationShutdown(): Promise<void> {
    const closed = await Promise.allSettled([
      this.appender.close(),
      this.admin.close(),
      this.readModel.close(),
    ]);
    // A connection that never came about cannot be closed either; the others must be.
    for (const outcome of closed) {
      if (outcome.status === 'rejected') {
        this.context.logger.warn({ err: outcome.reason as unknown }, 'A connection was not closed');
      }
    }
  }
}
