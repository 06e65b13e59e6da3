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

/**
 * What a task that is behind works with. Four partitions of one busy process get a quarter of its time each: less than a second would
 * make transactions small, each of which writes every course it touched.
 */
export const DEFAULT_LIMITS: TransactionLimits = Object.freeze({
  maxRecords: 50_000,
  maxKeys: 20_000,
  maxBytes: 16_000_000,
  maxHandlingMs: 1_000,
});

/** How many dead letters a task may write before it stops and asks for help. */
export interface DeadLetterLimit {
  readonly max: number;
  readonly perMs: number;
}

/** A hundred a minute: a client's mistake; more is an upgrade gone wrong, or an attack. */
export const DEFAULT_DEAD_LETTER_LIMIT: DeadLetterLimit = Object.freeze({ max: 100, perMs: 60_000 });
