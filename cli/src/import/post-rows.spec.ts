import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CliError } from '../cli-error.js';
import { csvLines } from './csv-lines.js';
import type { ImportAnswer } from './import-answer.js';
import { postRows } from './post-rows.js';
import { watchedBytes } from './watched-bytes.js';

let server: Server;

const serve = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const answersTo = async (url: string, rows: Readable): Promise<ImportAnswer[]> => {
  const answers: ImportAnswer[] = [];
  for await (const answer of postRows(url, rows)) answers.push(answer);
  return answers;
};

const END = '{"accepted":1,"refused":0,"complete":true}\n';

describe('rows sent to the API', () => {
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('arrive byte for byte, what is no JSON included', async () => {
    const file = '{"a":1}\n{broken\n\n\u0000\r\n';
    let received = '';
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        received = body;
        response.end(END);
      });
    });
    await answersTo(url, Readable.from([Buffer.from(file)]));
    expect(received).toBe(file);
  });

  it('are answered while they are still being sent', async () => {
    //  row 1 → │ → row 2, but only once row 1 is answered
    const url = await serve((request, response) => {
      request.on('data', () => response.write('{"line":1,"reason":"bad","field":null}\n'));
      request.on('end', () => response.end(END));
    });
    let answered: () => void = () => undefined;
    const isAnswered = new Promise<void>((resolve) => (answered = resolve));
    async function* rows(): AsyncGenerator<string> {
      yield '1\n';
      await isAnswered;
      yield '2\n';
    }
    const kinds: string[] = [];
    for await (const answer of postRows(url, Readable.from(rows()))) {
      kinds.push(answer.kind);
      answered();
    }
    expect(kinds).toEqual(['refused', 'refused', 'end']);
  });

  it('are refused with what the API says is wrong', async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(503, { 'content-type': 'application/problem+json' });
      response.end('{"detail":"Kafka does not answer."}');
    });
    await expect(answersTo(url, Readable.from(['1\n']))).rejects.toThrow(
      new CliError('Kafka does not answer.'),
    );
  });

  it('have no last answer when the connection breaks midway', async () => {
    const url = await serve((_, response) => {
      response.write('{"line":1,"reason":"bad","field":null}\n', () => response.destroy());
    });
    const answers = await answersTo(url, Readable.from(['1\n']));
    expect(answers.map(({ kind }) => kind)).toEqual(['refused']);
  });

  it('fail with what is wrong with their file, not with the connection it broke', async () => {
    const url = await serve((request, response) => {
      request.on('data', () => response.write('{"line":1,"reason":"bad","field":null}\n'));
      request.on('error', () => undefined);
    });
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('1\n');
      await new Promise((later) => setTimeout(later, 50));
      throw new Error('disk gone');
    }
    await expect(
      answersTo(
        url,
        watchedBytes(Readable.from(broken()), () => undefined),
      ),
    ).rejects.toThrow('The file cannot be read to its end: disk gone');
  });

  it('fail with what is wrong with their file before anything was answered', async () => {
    const url = await serve((request) => {
      request.on('error', () => undefined).resume();
    });
    const rows = csvLines(Readable.from([Buffer.from('a,a\n1,2\n')]));
    await expect(answersTo(url, rows)).rejects.toThrow('two columns named a');
  });

  it('are not sent when nobody is there', async () => {
    const url = await serve(() => undefined);
    server.close();
    await expect(answersTo(url, Readable.from(['1\n']))).rejects.toThrow(`${url} does not answer`);
  });
});
