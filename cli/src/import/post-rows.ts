import { once } from 'node:events';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseBody, problemText } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { parseImportAnswer, type ImportAnswer } from './import-answer.js';
import { linesOf } from './lines-of.js';

const LONGEST_PROBLEM_CHARACTERS = 10_000;

/**
 * Sends rows and reads the answer at the same time: the API answers while it reads, and stops reading when nobody
 * takes the answer. A connection lost midway ends the answers without the last one.
 *
 * @param rows JSON lines; fails with a CliError when the file is at fault
 * @throws CliError when the API refuses, or is not there, or the file is at fault
 */
export async function* postRows(url: string, rows: Readable): AsyncGenerator<ImportAnswer> {
  const request = openRequest(new URL(`${url.replace(/\/+$/, '')}/v1/imports/reviews`));
  // Whatever ends the sending ends the answer, too, and is told there.
  pipeline(rows, request).catch(() => undefined);
  try {
    const response = await responseTo(request, url);
    if (response.statusCode !== 200) throw new CliError(await problemOf(response));
    yield* answersIn(response);
  } catch (error) {
    // A file that cannot be read to its end breaks the connection as well.
    throw fileErrorOf(rows) ?? error;
  }
  const fileError = fileErrorOf(rows);
  if (fileError !== undefined) throw fileError;
}

const fileErrorOf = (rows: Readable): CliError | undefined =>
  rows.errored instanceof CliError ? rows.errored : undefined;

const openRequest = (url: URL): ClientRequest => {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return open(url, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } });
};

const responseTo = async (request: ClientRequest, url: string): Promise<IncomingMessage> => {
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  } catch (cause) {
    throw new CliError(`${url} does not answer: is the stack running?`, { cause });
  }
};

async function* answersIn(response: IncomingMessage): AsyncGenerator<ImportAnswer> {
  response.setEncoding('utf8');
  try {
    for await (const line of linesOf(response as AsyncIterable<string>)) {
      const answer = parseImportAnswer(line);
      if (answer !== undefined) yield answer;
    }
  } catch {
    // Cut off in the middle. The last answer has not come, and that is how the caller knows.
  }
}

const problemOf = async (response: IncomingMessage): Promise<string> => {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < LONGEST_PROBLEM_CHARACTERS) text += String(chunk);
  return problemText({ status: response.statusCode ?? 0, body: parseBody(text) });
};
