import type { StreamsErrorCode } from '../streams-error.js';

/** Codes of the Kafka protocol by what they mean to us. */
const MEANINGS: ReadonlyMap<number, StreamsErrorCode> = new Map<number, StreamsErrorCode>([
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

/** What a broker's error code means. Unknown is FATAL. */
export const meaningOf = (code: number): StreamsErrorCode => MEANINGS.get(code) ?? 'FATAL';
