import type { KafkaConnection } from '@reviews/streams';

const ignore = (): void => undefined;

/** A connection whose client keeps to itself: what matters reaches the command as an error. */
export const kafkaConnectionTo = (brokers: readonly string[]): KafkaConnection => ({
  clientId: 'reviews-cli',
  brokers,
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
});
