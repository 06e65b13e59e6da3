import type { Socket } from 'node:net';

/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** Makes a socket, for example through a proxy. */
export type SocketFactory = (to: BrokerAddress & { readonly onConnect: () => void }) => Socket;

/** How brokers are talked to. */
export interface ConnectionOptions {
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  /** How long an answer may take before its connection is given up. */
  readonly requestTimeoutMs: number;
  /** Default: plain TCP. */
  readonly socketFactory?: SocketFactory | undefined;
}
