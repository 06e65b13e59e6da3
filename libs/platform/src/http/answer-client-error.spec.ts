import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientErrors } from './answer-client-error.js';

const REQUEST = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
const NO_REQUEST = 'this is no HTTP\r\n\r\n';

let server: Server;
let answerRequest: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((_request, response) => {
    answerRequest(response);
  });
  const errors = clientErrors();
  errors.watch(server);
  server.on('clientError', errors.answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const answersTo = async (sent: string): Promise<string> => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(sent);
  const received = await text(socket);
  return received;
};

describe('what is no HTTP', () => {
  it('is a problem when nothing else was asked for', async () => {
    const received = await answersTo(NO_REQUEST);
    expect(received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(received).toContain('application/problem+json');
  });

  it('lets a request before it have its answer, which must not be taken for a 400', async () => {
    answerRequest = (response) => setTimeout(() => response.writeHead(202).end('in the log'), 50);
    const received = await answersTo(REQUEST + NO_REQUEST);
    expect(received).toMatch(/^HTTP\/1.1 202 Accepted\r\n/);
    expect(received).toContain('in the log');
    expect(received).not.toContain('400');
  });

  it('is a problem behind a request that has its answer', async () => {
    let closed: Promise<unknown> | undefined;
    answerRequest = (response) => {
      closed = once(response, 'close');
      response.end('in the log');
    };
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const received = text(socket);
    for (let request = 0; request < 2; request++) {
      const requested = once(server, 'request');
      socket.write(REQUEST);
      await requested;
      await closed;
    }
    socket.write(NO_REQUEST);
    expect((await received).match(/HTTP\/1.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 400',
    ]);
  });
});
