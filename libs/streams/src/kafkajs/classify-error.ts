import { StreamsError, type StreamsErrorCode } from '../streams-error.js';

/** Codes of the Kafka protocol by the code they mean to us. Everything else a broker answers is TRANSIENT or FATAL by name. */
const PROTOCOL_CODES: ReadonlyMap<number, StreamsErrorCode> = new Map<number, StreamsErrorCode>([
  [47, 'FENCED'], // INVALID_PRODUCER_EPOCH
  [90, 'FENCED'], // PRODUCER_FENCED
  [1, 'SOURCE_TRUNCATED'], // OFFSET_OUT_OF_RANGE
  [2, 'TRANSIENT'], // CORRUPT_MESSAGE
  [3, 'TRANSIENT'], // UNKNOWN_TOPIC_OR_PARTITION, seen right after a topic was made
  [5, 'TRANSIENT'], // LEADER_NOT_AVAILABLE
  [6, 'TRANSIENT'], // NOT_LEADER_OR_FOLLOWER
  [7, 'TRANSIENT'], // REQUEST_TIMED_OUT
  [8, 'TRANSIENT'], // BROKER_NOT_AVAILABLE
  [13, 'TRANSIENT'], // NETWORK_EXCEPTION
  [14, 'TRANSIENT'], // COORDINATOR_LOAD_IN_PROGRESS
  [15, 'TRANSIENT'], // COORDINATOR_NOT_AVAILABLE
  [16, 'TRANSIENT'], // NOT_COORDINATOR
  [19, 'TRANSIENT'], // NOT_ENOUGH_REPLICAS
  [20, 'TRANSIENT'], // NOT_ENOUGH_REPLICAS_AFTER_APPEND
  [22, 'TRANSIENT'], // ILLEGAL_GENERATION
  [25, 'TRANSIENT'], // UNKNOWN_MEMBER_ID
  [27, 'TRANSIENT'], // REBALANCE_IN_PROGRESS
  [41, 'TRANSIENT'], // NOT_CONTROLLER
  [45, 'TRANSIENT'], // OUT_OF_ORDER_SEQUENCE_NUMBER: a new producer starts anew
  [46, 'TRANSIENT'], // DUPLICATE_SEQUENCE_NUMBER
  [48, 'TRANSIENT'], // INVALID_TXN_STATE: the coordinator aborted it, fencing finds out
  [49, 'TRANSIENT'], // INVALID_PRODUCER_ID_MAPPING: the transactional id expired
  [51, 'TRANSIENT'], // CONCURRENT_TRANSACTIONS
  [52, 'TRANSIENT'], // TRANSACTION_COORDINATOR_FENCED
  [56, 'TRANSIENT'], // KAFKA_STORAGE_ERROR
  [59, 'TRANSIENT'], // UNKNOWN_PRODUCER_ID
  [72, 'TRANSIENT'], // LISTENER_NOT_FOUND
  [74, 'TRANSIENT'], // FENCED_LEADER_EPOCH
  [75, 'TRANSIENT'], // UNKNOWN_LEADER_EPOCH
  [78, 'TRANSIENT'], // OFFSET_NOT_AVAILABLE
]);

/** The client's own errors that another try can cure. */
const TRANSIENT_NAMES = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSStaleTopicMetadataAssignment',
  'KafkaJSDeleteTopicRecordsError',
  'KafkaJSNoBrokerAvailableError',
]);

/**
 * What an error of the client means. The only place that knows its error classes. Unknown is FATAL: the client's own
 * default, retry whatever is not known, is the opposite.
 */
export const classifyError = (error: unknown): StreamsErrorCode => {
  for (const link of causesOf(error)) {
    if (link instanceof StreamsError) return link.code;
    if (link.name === 'KafkaJSProtocolError' && 'code' in link)
      return PROTOCOL_CODES.get(Number(link.code)) ?? 'FATAL';
    if (TRANSIENT_NAMES.has(link.name)) return 'TRANSIENT';
  }
  return 'FATAL';
};

/** Wraps an error of the client, keeping it as the cause. */
export const toStreamsError = (error: unknown, doing: string): StreamsError =>
  error instanceof StreamsError
    ? error
    : new StreamsError(
        classifyError(error),
        `${doing}: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );

/** Code of the Kafka protocol an error goes back to, if any. */
export const protocolCodeOf = (error: unknown): number | undefined => {
  for (const link of causesOf(error))
    if (link.name === 'KafkaJSProtocolError' && 'code' in link) return Number(link.code);
  return undefined;
};

// The client wraps what it gave up on: the reason stands in the chain of causes, the outermost says only "retries exceeded".
function* causesOf(error: unknown): Generator<Error> {
  for (let link = error; link instanceof Error; link = link.cause) yield link;
}
