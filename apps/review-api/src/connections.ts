import type { Provider } from '@nestjs/common';
import { schemaRegistryAt } from '@reviews/contracts';
import { appendMetrics, kafkaConnectionOf, SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import { createReadModel } from '@reviews/read-model';
import { kafkaLogAdmin, kafkaLogAppender } from '@reviews/streams';
import type { ReviewApiConfig } from './config.js';
import { LOG_ADMIN, LOG_APPENDER, READ_MODEL, SCHEMA_REGISTRY } from './tokens.js';

/** A 503 must be out within 5 s of a request. */
const APPEND_TIMEOUT_MS = 4_000;

type Context = ServiceContext<ReviewApiConfig>;

/** Kafka, the schema registry and PostgreSQL, each connected when it is first needed. */
export const connections: readonly Provider[] = [
  {
    provide: LOG_APPENDER,
    inject: [SERVICE_CONTEXT],
    useFactory: (context: Context) => {
      const { observe, watch } = appendMetrics(context.metrics);
      const appender = kafkaLogAppender(kafkaConnectionOf(context), {
        timeoutMs: APPEND_TIMEOUT_MS,
        observe,
      });
      watch(() => appender.queued());
      return appender;
    },
  },
  {
    provide: LOG_ADMIN,
    inject: [SERVICE_CONTEXT],
    useFactory: (context: Context) => kafkaLogAdmin(kafkaConnectionOf(context)),
  },
  {
    provide: SCHEMA_REGISTRY,
    inject: [SERVICE_CONTEXT],
    useFactory: ({ config }: Context) => schemaRegistryAt(config.schemaRegistryUrl),
  },
  {
    provide: READ_MODEL,
    inject: [SERVICE_CONTEXT],
    useFactory: ({ config, logger }: Context) =>
      createReadModel({
        ...config,
        onNotificationsLost: (error) => {
          logger.warn({ err: error }, 'No notifications from the database, trying again');
        },
      }),
  },
];
