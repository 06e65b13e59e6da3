import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { classifyDatabaseError } from './classify-database-error.js';
import type { ReadModelError } from './read-model-error.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Half of it to all of it lies between two attempts to connect. */
const RECONNECT_PAUSE_MS = 1_000;
/** A connection that vanished without a word is noticed after so long. */
const PING_INTERVAL_MS = 15_000;
const PING_TIMEOUT_MS = 5_000;

/** Tells that transactions have stored something. They may be missed: whoever depends on it looks now and then, too. */
export interface Notifications {
  /**
   * Calls back after each notification, and each time the connection came about, since nobody knows what was said before.
   * The first subscriber opens the one connection of this process. Returns how to stop.
   */
  subscribe(listener: () => void): () => void;
}

/** Notifications that hold a connection. */
export interface OpenNotifications extends Notifications {
  close(): Promise<void>;
}

/** @param onLost is told each time the connection is lost or does not come about */
export const notificationsOf = (
  databaseUrl: string,
  channel: string,
  onLost: (error: ReadModelError) => void = () => undefined,
): OpenNotifications => {
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let listening: Promise<void> | undefined;

  const notifyAll = (): void => {
    for (const listener of listeners) listener();
  };
  const listenForEver = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await listenOnce(databaseUrl, channel, notifyAll, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) onLost(classifyDatabaseError(error));
      });
      // Chance keeps many processes from coming all at once. An abort ends the pause, and that is all it does.
      const pauseMs = RECONNECT_PAUSE_MS * (0.5 + Math.random() / 2);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      listening ??= listenForEver();
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      stopping.abort();
      await listening;
    },
  };
};

/** Listens until the connection is lost, which it throws, or the signal comes. */
const listenOnce = async (
  connectionString: string,
  channel: string,
  onNotification: () => void,
  signal: AbortSignal,
): Promise<void> => {
  // A socket of our own can be closed whatever state the client is in, and whether or not the server answers.
  const socket = new Socket();
  const client = new Client({
    connectionString,
    application_name: 'course-reviews notifications',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: PING_TIMEOUT_MS,
    keepAlive: true,
    stream: () => socket,
  });
  client.on('notification', onNotification);
  let ping: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const lost = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new Error('closed'));
    };
    signal.addEventListener('abort', stop);
    client.on('error', reject);
    client.on('end', () => {
      reject(new Error('the connection ended'));
    });
    ping = setInterval(() => void client.query('select').catch(reject), PING_INTERVAL_MS);
  });
  try {
    await Promise.race([client.connect(), lost]);
    await Promise.race([client.query(`listen ${channel}`), lost]);
    onNotification();
    await lost;
  } finally {
    clearInterval(ping);
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
};
