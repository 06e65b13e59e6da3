import type { StreamsError } from '@reviews/streams';

/** What went wrong with Kafka, and what to do about topics that are not as they must be. */
export const kafkaErrorText = ({ code, message }: StreamsError): string =>
  code === 'TOPOLOGY_MISMATCH'
    ? `${message}. "npx reviews setup" makes missing topics; TOPIC_PREFIX and TOPIC_PARTITIONS say which are meant.`
    : message;
