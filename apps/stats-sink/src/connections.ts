import type { Provider } from '@nestjs/common';
import { schemaRegistryAt } from '@reviews/contracts';
import { kafkaConnectionOf, SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import { createReadModel } from '@reviews/read-model';
import { kafkaLogAdmin } from '@reviews/streams';
import type { StatsSinkConfig } from './config.js';
import { LOG_ADMIN, READ_MODEL, SCHEMA_REGISTRY } from './tokens.js';

type Context = ServiceContext<StatsSinkConfig>;

/** Kafka, the schema registry and PostgreSQL, each connected when it is first needed. */
export const connections: readonly Provider[] = [
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
    useFactory: ({ config }: Context) => createReadModel(config),
  },
];
