/**
 * When a transaction is large enough. Below these a transaction takes whatever waits: small when the source is idle,
 * large when the task is behind.
 */
export interface TransactionLimits {
  /** Source records in one transaction. */
  readonly maxRecords: number;
  /** Distinct keys it may change. */
  readonly maxKeys: number;
  /** Keys and values of the records it may write to outputs, in bytes. */
  readonly maxBytes: number;
  /** Time its handlers may take, in milliseconds. Nothing is open at the broker meanwhile. */
  readonly maxHandlingMs: number;
}

/** Well inside a transaction timeout of 5 seconds on a slow machine. */
export const DEFAULT_LIMITS: TransactionLimits = Object.freeze({
  maxRecords: 20_000,
  maxKeys: 20_000,
  maxBytes: 16_000_000,
  maxHandlingMs: 500,
});

/** How many dead letters a task may write before it stops and asks for help. */
export interface DeadLetterLimit {
  readonly max: number;
  readonly perMs: number;
}

/** A hundred a minute: a client's mistake; more is an upgrade gone wrong, or an attack. */
export const DEFAULT_DEAD_LETTER_LIMIT: DeadLetterLimit = Object.freeze({ max: 100, perMs: 60_000 });
