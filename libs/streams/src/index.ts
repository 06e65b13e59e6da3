export * from './admin.js';
export * from './log-appender.js';
export * from './offset.js';
export * from './positioned-consumer.js';
export * from './records.js';
export * from './stream-logger.js';
export * from './streams-error.js';
export type { KafkaConnection } from './kafkajs/connection.js';
