import kafkajs, { type ISocketFactory, type Kafka, type LogEntry } from 'kafkajs';
import type { StreamLogger } from '../stream-logger.js';

/** How to reach a cluster. */
export interface KafkaConnection {
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly logger: StreamLogger;
  /** Limit of one request, in milliseconds; default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Makes the client's sockets, for example through a proxy; default: net and tls. */
  readonly socketFactory?: ISocketFactory;
}

/** The client for a connection; its log entries go to the connection's logger. */
export const kafkaOf = (connection: KafkaConnection): Kafka =>
  new kafkajs.Kafka({
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: 3_000,
    requestTimeout: connection.requestTimeoutMs ?? 30_000,
    enforceRequestTimeout: true,
    ...(connection.socketFactory === undefined ? {} : { socketFactory: connection.socketFactory }),
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => {
      logEntry(connection.logger, entry);
    },
  });

// The client shouts about what it retries itself; what it gives up on reaches us as an error, and is logged as a decision.
const logEntry = (logger: StreamLogger, entry: LogEntry): void => {
  const { message, ...fields } = entry.log;
  logger.debug({ ...fields, timestamp: undefined, logger: undefined, component: entry.namespace }, message);
};
