import type { Provider } from '@nestjs/common';
import { schemaRegistryAt } from '@reviews/contracts';
import { kafkaConnectionOf, SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import { createReadModel, SINK_TOPICS } from '@reviews/read-model';
import { kafkaLogAdmin } from '@reviews/streams';
import type { StatsSinkConfig } from './config.js';
import { LOG_ADMIN, READ_MODEL, SCHEMA_REGISTRY } from './tokens.js';

/** Every partition of an answer of Kafka is stored at once; what has to wait for a connection too long is tried again. */
const MAX_POOL_SIZE = 48;

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
    useFactory: ({ config }: Context) =>
      createReadModel({
        ...config,
        poolSize: Math.min(SINK_TOPICS.length * config.topicPartitions, MAX_POOL_SIZE),
      }),
  },
];
