/** What went wrong, for machines. */
export type StreamsErrorCode =
  /** A newer owner of the same transactional id exists. */
  | 'FENCED'
  /** The cluster could not do it now; fencing and restoring finds out what happened. */
  | 'TRANSIENT'
  /** A record clients wrote cannot be read or is impossible. */
  | 'POISON_RECORD'
  /** A record only we write is unreadable or impossible: our bug. */
  | 'IMPOSSIBLE_RECORD'
  /** The changelog does not say what it must. */
  | 'STATE_CORRUPTED'
  /** Clients wrote so much that cannot be read that something else must be wrong. */
  | 'TOO_MANY_DEAD_LETTERS'
  /** The source no longer holds what the position asks for, or never held it. */
  | 'SOURCE_TRUNCATED'
  /** Topics differ from what the service needs. */
  | 'TOPOLOGY_MISMATCH'
  /** Too much is waiting already; try again later. */
  | 'OVERLOADED'
  /** Anything else. */
  | 'FATAL';

/** What happens to the task (or process) that met an error. */
export type ErrorFate = 'fence' | 'dead-letter' | 'quarantine' | 'stop';

/** An error of the streams library. Its message names topic, partition and offset where there are any. */
export class StreamsError extends Error {
  readonly code: StreamsErrorCode;
  constructor(code: StreamsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StreamsError';
    this.code = code;
  }
}

/** The fate of each code. Whether a retry can help is what the fate says: only `fence` tries again. */
export const fateOf = (code: StreamsErrorCode): ErrorFate => {
  switch (code) {
    case 'FENCED':
    case 'TRANSIENT':
    case 'OVERLOADED':
      return 'fence';
    case 'POISON_RECORD':
      return 'dead-letter';
    case 'IMPOSSIBLE_RECORD':
    case 'STATE_CORRUPTED':
    case 'TOO_MANY_DEAD_LETTERS':
      return 'quarantine';
    case 'SOURCE_TRUNCATED':
    case 'TOPOLOGY_MISMATCH':
    case 'FATAL':
      return 'stop';
  }
};

/**
 * Any error as one of this library. What a handler's own I/O throws is TRANSIENT when the error says so itself
 * (`retriable: true`), else FATAL.
 */
export const asStreamsError = (cause: unknown, doing: string): StreamsError => {
  if (cause instanceof StreamsError) return cause;
  const message = `${doing}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new StreamsError(isRetriable(cause) ? 'TRANSIENT' : 'FATAL', message, { cause });
};

const isRetriable = (cause: unknown): boolean =>
  cause instanceof Error && 'retriable' in cause && cause.retriable === true;
