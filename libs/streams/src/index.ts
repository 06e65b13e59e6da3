export * from './admin.js';
export type { DeadLetter, RecordPosition } from './dead-letters/dead-letter.js';
export type { DeadLetterLog, DeadLetterTopics, OffsetRange } from './dead-letters/dead-letter-log.js';
export { parseDeadLetter } from './dead-letters/dead-letter.js';
export { readDeadLetters, type ListedLetter } from './dead-letters/read-dead-letters.js';
export type { RedriveRefusal } from './dead-letters/redrive-refusal.js';
export { redriveOrigin } from './dead-letters/redriven-from.js';
export { redriveLetters, type RedriveOutcome, type RedriveRequest } from './dead-letters/redrive.js';
export type { Redriven } from './dead-letters/redriven-letters.js';
export * from './group/consumer-timeouts.js';
export * from './group/positioned-consumer.js';
export * from './log-appender.js';
export * from './offset.js';
export * from './record-reader.js';
export * from './records.js';
export * from './required-topics.js';
export * from './state/json-codec.js';
export type { ReadableStore, StoreCodec, StoreSpec } from './state/key-value-store.js';
export * from './stream-logger.js';
export * from './streams-error.js';
export * from './task/service-definition.js';
export * from './task/task-observer.js';
export * from './task/transaction-limits.js';
export type { TaskState } from './task/task-state.js';
export type { TaskStatus } from './task/stream-task.js';
export type { KafkaConnection } from './kafkajs/connection.js';
export { openDeadLetters, type OpenDeadLetters } from './kafkajs/kafka-dead-letters.js';
export { kafkaLogAdmin } from './kafkajs/kafka-log-admin.js';
export { kafkaLogAppender, type LogAppenderOptions } from './kafkajs/kafka-log-appender.js';
export type { PositionedConsumerOptions } from './kafkajs/positioned-consumer-options.js';
export { startPositionedConsumer } from './kafkajs/start-positioned-consumer.js';
export { openRecordReader, type RecordReaderOptions } from './kafkajs/open-record-reader.js';
export { startStreamService, type StreamService } from './kafkajs/start-stream-service.js';
export {
  DEFAULT_TIMEOUTS,
  type StreamServiceOptions,
  type StreamTimeouts,
} from './kafkajs/stream-service-options.js';
