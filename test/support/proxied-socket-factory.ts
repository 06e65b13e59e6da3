import { connect } from 'node:net';
import type { SocketFactory } from '@reviews/streams/testing';

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Connects to each broker through its proxy, whatever address the broker advertises. Plain JSON goes in and only types
 * are erased, so a child process can import this file as it is and get the addresses as an environment variable.
 *
 * @param proxies the proxy of each broker, by the broker's `host:port`
 */
export const proxiedSocketFactory =
  (proxies: Readonly<Record<string, Address>>): SocketFactory =>
  ({ host, port, onConnect }) => {
    const proxy = proxies[`${host}:${port}`];
    if (proxy === undefined) throw new Error(`There is no proxy for the broker ${host}:${port}`);
    return connect({ host: proxy.host, port: proxy.port, noDelay: true }, onConnect);
  };
