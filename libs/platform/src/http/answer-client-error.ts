import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, problemOf, type SentProblem } from '../problem/problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** What Node says of bytes that never become a request. */
export interface ClientError extends Error {
  readonly code?: string;
}

/** Answers what is no HTTP, once it knows which requests of a connection are still waiting for their answers. */
export interface ClientErrors {
  watch(server: Pick<Server, 'on'>): void;
  /** As a problem, and then the connection is over. */
  readonly answer: (error: ClientError, socket: Socket) => void;
}

/**
 * A whole request that waits for its answer comes first, and nothing is said of what came behind it: the client would take the
 * 400 for the answer to the review it has posted, which is in the log.
 */
export const clientErrors = (): ClientErrors => {
  const begun = new WeakMap<Socket, ServerResponse[]>();
  return {
    watch(server) {
      server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
        const responses = begun.get(socket) ?? [];
        // They end in the order of their requests. A listener for the end of each would cost more than to look here; an idle
        // connection keeps its last one, 4 KB.
        while (responses[0]?.closed === true) responses.shift();
        responses.push(response);
        begun.set(socket, responses);
      });
    },
    answer(error, socket) {
      if (error.code === 'ECONNRESET' || socket.destroyed) return;
      // One that has not come in whole is what is broken.
      const last = begun.get(socket)?.findLast(({ closed, req }) => !closed && req.complete);
      if (last === undefined) {
        if (socket.writable) socket.write(responseTo(error));
        socket.destroySoon();
      } else
        last.once('close', () => {
          socket.destroySoon();
        });
    },
  };
};

const responseTo = ({ code }: ClientError): string => {
  const problem = problemOf(...statusOf(code));
  const requestId = randomUUID();
  const body = JSON.stringify({ ...problem, requestId } satisfies SentProblem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'connection: close',
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    `${REQUEST_ID_HEADER}: ${requestId}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};

const statusOf = (code: string | undefined): [number, string] => {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'The request did not come in time.'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'Address and headers together are too long.'];
    case undefined:
    default:
      return [400, 'This is not a request of HTTP/1.1.'];
  }
};
