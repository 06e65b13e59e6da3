import { Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unavailable } from '../problem/problem-error.js';

/** For so long answers ask clients to leave before nobody listens any more: who calls all the time is gone by then. */
const LEAVING_MS = 150;
/** For so long the first request on a connection that came just before may be on its way. */
const LAST_REQUEST_MS = 100;
/** Requests in flight get so long to finish; then their connections are cut. */
const DRAIN_LIMIT_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const RETRY_AFTER_SECONDS = 1;

/**
 * Prepares an application for a shutdown in which no request is lost without an answer. Returns what closes it:
 *
 * 1. everything is still served, and each answer says `connection: close`; in the end nobody listens any more;
 * 2. what still comes in on kept connections is answered 503, providers hear `onModuleDestroy`, requests under way are
 *    finished, or cut after five seconds;
 * 3. providers hear `onApplicationShutdown`.
 */
export const leaveInPeace = (app: NestFastifyApplication): (() => Promise<void>) => {
  let isLeaving = false;
  let isTurningAway = false;
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (_request, _reply, done) => {
    if (isTurningAway) done(unavailable('The service is stopping.', RETRY_AFTER_SECONDS));
    else done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isLeaving) reply.header('connection', 'close');
    done(null, payload);
  });

  return async () => {
    isLeaving = true;
    const server = app.getHttpServer();
    if ((await openConnectionsOf(server)) > 0) {
      await pause(LEAVING_MS);
      stopListening(server);
      await pause(LAST_REQUEST_MS);
    }
    isTurningAway = true;
    // An answer that had begun before could not ask its client to leave.
    const closeIdle = setInterval(() => {
      server.closeIdleConnections();
    }, LOOK_AGAIN_MS);
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, DRAIN_LIMIT_MS);
    try {
      await app.close();
    } finally {
      clearInterval(closeIdle);
      clearTimeout(cut);
    }
  };
};

const pause = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

// HTTP's own close also cuts connections on which there was no request yet.
const stopListening = (server: Server): void => {
  Server.prototype.close.call(server);
};

const openConnectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
