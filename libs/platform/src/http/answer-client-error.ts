import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, problemOf, type SentProblem } from '../problem/problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** What Node says of bytes that never become a request. */
export interface ClientError extends Error {
  readonly code?: string;
}

/** Answers what is no HTTP, before there is a request: as a problem, and then the connection is over. */
export const answerClientError = (error: ClientError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(responseTo(error));
  socket.destroySoon();
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
