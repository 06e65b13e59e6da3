export * from './admin.js';
export * from './consumer-timeouts.js';
export * from './log-appender.js';
export * from './offset.js';
export * from './positioned-consumer.js';
export * from './records.js';
export * from './state/key-value-store.js';
export * from './stream-logger.js';
export * from './streams-error.js';
export * from './task/service-definition.js';
export type { TaskState } from './task/task-state.js';
export type { TaskStatus } from './task/stream-task.js';
export type { KafkaConnection } from './kafkajs/connection.js';
export { kafkaLogAdmin } from './kafkajs/kafka-log-admin.js';
export { kafkaLogAppender, type LogAppenderOptions } from './kafkajs/kafka-log-appender.js';
export {
  startPositionedConsumer,
  type PositionedConsumerOptions,
} from './kafkajs/start-positioned-consumer.js';
export {
  startStreamService,
  type StreamService,
  type StreamServiceOptions,
} from './kafkajs/start-stream-service.js';
