import { StreamsError, type StreamsErrorCode } from '../../streams-error.js';

/** Errors of the Kafka protocol that the cluster answers, by their code on the wire. */
const WIRE_CODES = {
  OFFSET_OUT_OF_RANGE: 1,
  NOT_COORDINATOR: 16,
  ILLEGAL_GENERATION: 22,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  INVALID_PRODUCER_EPOCH: 47,
  INVALID_TXN_STATE: 48,
  CONCURRENT_TRANSACTIONS: 51,
} as const;

export type BrokerErrorName = keyof typeof WIRE_CODES;

/** What a broker answers instead of doing what it was asked. */
export class BrokerError extends Error {
  readonly reason: BrokerErrorName;
  constructor(reason: BrokerErrorName) {
    super(`${reason} (${WIRE_CODES[reason]})`);
    this.name = 'BrokerError';
    this.reason = reason;
  }
}

/** The connection broke or the answer did not come in time. The request may have arrived, or may still arrive. */
export class ConnectionError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'ConnectionError';
  }
}

/** Whether an error is this answer of a broker. */
export const isBrokerError = (error: unknown, ...reasons: readonly BrokerErrorName[]): boolean =>
  error instanceof BrokerError && reasons.includes(error.reason);

/** An error as the real client's adapter would pass it on. */
export const asClientError = (error: unknown, doing: string): StreamsError => {
  if (error instanceof StreamsError) return error;
  const message = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  return new StreamsError(codeOf(error), message, { cause: error });
};

const codeOf = (error: unknown): StreamsErrorCode => {
  if (error instanceof ConnectionError) return 'TRANSIENT';
  if (!(error instanceof BrokerError)) return 'FATAL';
  return error.reason === 'INVALID_PRODUCER_EPOCH' ? 'FENCED' : 'TRANSIENT';
};
