import { StreamsError, type StreamsErrorCode } from '../streams-error.js';
import { meaningOf } from '../wire/error-codes.js';
import { wireMeaningOf } from '../wire/wire-error.js';

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
    if (link.name === 'KafkaJSProtocolError' && 'code' in link) return meaningOf(Number(link.code));
    const meaning = wireMeaningOf(link);
    if (meaning !== undefined) return meaning;
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

// The client wraps what it gave up on: the reason stands in the chain of causes, the outermost says only "retries exceeded".
function* causesOf(error: unknown): Generator<Error> {
  for (let link = error; link instanceof Error; link = link.cause) yield link;
}
