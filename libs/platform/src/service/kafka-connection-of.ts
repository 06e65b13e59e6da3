import type { KafkaConnection } from '@reviews/streams';
import type { ServiceContext } from './service-context.js';

/** A service's connection to Kafka: it shows there under its own name. */
export const kafkaConnectionOf = ({ service, config, logger }: ServiceContext): KafkaConnection => ({
  clientId: `${config.topicPrefix}${service}`,
  brokers: config.kafkaBrokers,
  logger,
});
