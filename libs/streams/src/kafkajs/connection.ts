import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import type { StreamLogger } from '../stream-logger.js';
import type { ClusterOptions } from '../wire/cluster.js';
import type { BrokerAddress, SocketFactory } from '../wire/connection-options.js';

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** How to reach a cluster. */
export interface KafkaConnection {
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly logger: StreamLogger;
  /** Limit of one request, in milliseconds; default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Makes sockets, for example through a proxy; default: plain TCP. */
  readonly socketFactory?: SocketFactory;
}

/** The client for a connection; its log entries go to the connection's logger. */
export const kafkaOf = (connection: KafkaConnection): Kafka =>
  new kafkajs.Kafka({
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: connection.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    ...(connection.socketFactory === undefined ? {} : { socketFactory: connection.socketFactory }),
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => {
      logEntry(connection.logger, entry);
    },
  });

/** The same connection for what speaks Kafka's protocol itself. */
export const wireClusterOf = (connection: KafkaConnection): ClusterOptions => ({
  clientId: connection.clientId,
  brokers: connection.brokers.map(addressOf),
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  requestTimeoutMs: connection.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  socketFactory: connection.socketFactory,
});

const addressOf = (hostAndPort: string): BrokerAddress => {
  const colon = hostAndPort.lastIndexOf(':');
  return { host: hostAndPort.slice(0, colon), port: Number(hostAndPort.slice(colon + 1)) };
};

// The client shouts about what it retries itself; what it gives up on reaches us as an error, and is logged as a decision.
const logEntry = (logger: StreamLogger, entry: LogEntry): void => {
  const { message, ...fields } = entry.log;
  logger.debug({ ...fields, timestamp: undefined, logger: undefined, component: entry.namespace }, message);
};
