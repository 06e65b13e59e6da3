import { StreamsError, type StreamsErrorCode } from '../streams-error.js';
import { meaningOf } from './error-codes.js';

/** What a broker answered instead of doing what it was asked. */
export class ProtocolError extends Error {
  /** Kafka's error code. */
  readonly code: number;
  constructor(code: number, doing: string) {
    super(`${doing}: the broker answers with error ${code}`);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** The connection broke, or an answer did not come in time. What was under way may have happened. */
export class ConnectionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionError';
  }
}

/** Bytes that are not what Kafka's protocol says. */
export class MalformedAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedAnswerError';
  }
}

/** What one of these errors means to the library; undefined for any other. */
export const wireMeaningOf = (error: unknown): StreamsErrorCode | undefined => {
  if (error instanceof ProtocolError) return meaningOf(error.code);
  if (error instanceof ConnectionError) return 'TRANSIENT';
  if (error instanceof MalformedAnswerError) return 'FATAL';
  return undefined;
};

/** Any error as one of the library, keeping it as the cause. Unknown is FATAL. */
export const wireStreamsError = (error: unknown, doing: string): StreamsError => {
  if (error instanceof StreamsError) return error;
  const message = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  return new StreamsError(wireMeaningOf(error) ?? 'FATAL', message, { cause: error });
};

/** @throws ProtocolError when a broker's error code is not 0 */
export const mustBeDone = (code: number, doing: string): void => {
  if (code !== 0) throw new ProtocolError(code, doing);
};
