import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importedRowIdOf, reviewIdOf, submissionIdOf } from '@reviews/contracts';
import type { CourseId, SubmitReview, UserId } from '@reviews/domain';
import { StreamsError } from '@reviews/streams';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';
import { MAX_IMPORTS } from './imports.controller.js';

const URL_PATH = '/v1/imports/reviews';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const ROW = { courseId: 'ts-101', userId: 'ada', rating: 4.5 };

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
});

afterEach(async () => {
  await api.app.close();
});

const importFile = async (...rows: readonly (object | string)[]): Promise<unknown[]> => {
  const payload = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  const response = await api.app.inject({ method: 'POST', url: URL_PATH, payload, headers: NDJSON });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  return linesOfAnswer(response.body);
};

const linesOfAnswer = (body: string): unknown[] =>
  body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const submissions = async (): Promise<readonly SubmitReview[]> =>
  (await api.commands()).filter((command) => command.kind === 'submitted');

describe('an import', () => {
  it('puts every good row into the log, in the order of the file', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => ({ ...ROW, userId: `u${index}` }));
    expect(await importFile(...rows)).toEqual([{ accepted: 2_500, refused: 0, complete: true }]);
    expect((await submissions()).map(({ userId }) => userId)).toEqual(rows.map(({ userId }) => userId));
  });

  it('keeps the date of a row, and may rename its course', async () => {
    await importFile({ ...ROW, courseTitle: 'TypeScript', createdAt: '2020-05-01T10:00:00+02:00' });
    expect(await submissions()).toMatchObject([
      { imported: true, courseTitle: 'TypeScript', createdAtMs: Date.UTC(2020, 4, 1, 8), halfStars: 9 },
    ]);
  });

  it('names a row by what it says and its line, so that a file imported twice changes nothing', async () => {
    await importFile('', ROW, ROW);
    await importFile('', ROW, ROW);
    const [first, second, firstAgain, secondAgain] = await submissions();
    const reviewId = reviewIdOf('ts-101' as CourseId, 'ada' as UserId);
    expect(first?.submissionId).toBe(first && importedRowIdOf(2, reviewId, null, first.contentHash));
    expect(first?.submissionId).not.toBe(second?.submissionId);
    expect(firstAgain?.submissionId).toBe(first?.submissionId);
    expect(secondAgain?.submissionId).toBe(second?.submissionId);
  });

  it('names a row by its own submissionId when it has one', async () => {
    await importFile({ ...ROW, submissionId: 'row-1' });
    const [command] = await submissions();
    expect(command?.submissionId).toBe(command && submissionIdOf('row-1', command.contentHash));
  });

  it('says of each refused row which line, which field and why, and goes on', async () => {
    const answer = await importFile(
      ROW,
      '',
      { ...ROW, rating: 0 },
      'no json',
      '[]',
      { ...ROW, courseId: 'a b' },
      { ...ROW, userId: undefined },
      { ...ROW, createdAt: '1999-12-31T23:59:59Z' },
      { ...ROW, createdAt: new Date(Date.now() + 90_000_000).toISOString() },
      { ...ROW, createdAt: 'yesterday' },
      { ...ROW, submissionId: 'two words' },
      { ...ROW, stars: 5 },
      { ...ROW, content: 'x'.repeat(1_100_000) },
      ROW,
    );
    const dates = 'createdAt must lie between 2000-01-01 and 24 hours from now';
    expect(answer).toEqual([
      { line: 3, field: 'rating', reason: 'rating must be a number, 0.5 to 5 in half stars' },
      { line: 4, field: null, reason: 'the line is not a JSON object' },
      { line: 5, field: null, reason: 'the line is not a JSON object' },
      { line: 6, field: 'courseId', reason: expect.stringContaining('courseId must be 1 to 64 characters') },
      { line: 7, field: 'userId', reason: 'userId is required' },
      { line: 8, field: 'createdAt', reason: dates },
      { line: 9, field: 'createdAt', reason: dates },
      { line: 10, field: 'createdAt', reason: expect.stringContaining('RFC 3339') },
      { line: 11, field: 'submissionId', reason: expect.stringContaining('visible ASCII') },
      { line: 12, field: 'stars', reason: 'stars is not a known property' },
      { line: 13, field: null, reason: 'the line is too long' },
      { accepted: 2, refused: 11, complete: true },
    ]);
    expect(api.logLines).toEqual([]);
  });

  it('refuses a row that is not UTF-8', async () => {
    const payload = Buffer.concat([
      Buffer.from('{"courseId":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const response = await api.app.inject({ method: 'POST', url: URL_PATH, payload, headers: NDJSON });
    expect(linesOfAnswer(response.body)[0]).toEqual({
      line: 1,
      reason: 'the line is not UTF-8',
      field: null,
    });
  });

  it('of nothing is complete', async () => {
    expect(await importFile('')).toEqual([{ accepted: 0, refused: 0, complete: true }]);
  });

  it('keeps the order of rows of one course, however many it takes in at a time', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ ...ROW, rating: (1 + (index % 10)) / 2 }));
    await importFile(...rows);
    expect((await submissions()).map(({ halfStars }) => halfStars / 2)).toEqual(
      rows.map(({ rating }) => rating),
    );
  });

  it('says how far it came when the log is lost midway, and stops reading', async () => {
    api.log.failAfter(1_200, new StreamsError('TRANSIENT', 'Kafka is gone'));
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ ...ROW, userId: `u${index}` }));
    expect(await importFile('{}', ...rows)).toEqual([
      { line: 1, field: 'courseId', reason: 'courseId is required' },
      { accepted: 1_200, refused: 1, complete: false },
    ]);
    expect(api.logLines.join()).toContain('Kafka is gone');
  });

  it('takes nothing but NDJSON', async () => {
    const response = await api.app.inject({ method: 'POST', url: URL_PATH, payload: ROW });
    expect(response.statusCode).toBe(415);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });
});

describe('an import over a socket', () => {
  let upload: ClientRequest;

  beforeEach(async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    upload = newUpload();
  });

  const newUpload = (): ClientRequest => {
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const options = {
      host: '127.0.0.1',
      port,
      path: URL_PATH,
      method: 'POST',
      headers: NDJSON,
      agent: false,
    };
    // Cut off at the end of a test, it fails, and nobody has to hear of it.
    return request(options).on('error', () => undefined);
  };

  afterEach(() => {
    upload.destroy();
  });

  const answerOf = async (): Promise<IncomingMessage> => {
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    return answer;
  };

  it('answers a refused row while the file is still coming in', async () => {
    upload.write(`${JSON.stringify({ ...ROW, rating: 0 })}\n`);
    const lines = createInterface(await answerOf())[Symbol.asyncIterator]();
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ line: 1, field: 'rating' });
    upload.end(`${JSON.stringify(ROW)}\n`);
    expect(JSON.parse((await lines.next()).value as string)).toEqual({
      accepted: 1,
      refused: 1,
      complete: true,
    });
  });

  it('tells how far it came to a client that is still sending, and waits for it to end', async () => {
    api.log.failAfter(1, new StreamsError('TRANSIENT', 'Kafka is gone'));
    const row = `${JSON.stringify(ROW)}\n`;
    upload.write(row);
    const sender = setInterval(() => upload.write(row), 10);
    const answer = await answerOf();
    const lines = createInterface(answer)[Symbol.asyncIterator]();
    expect(JSON.parse((await lines.next()).value as string)).toEqual({
      accepted: 1,
      refused: 0,
      complete: false,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answer.complete).toBe(false);
    clearInterval(sender);
    upload.end();
    await once(answer, 'end');
  });

  it('waits when the log has no room, reads no further, and is complete in the end', async () => {
    const giveRoom = api.log.fill();
    const rows = `${JSON.stringify({ ...ROW, content: 'x'.repeat(1_000) })}\n`.repeat(1_000);
    let written = 0;
    while (upload.write(rows) || (await drainsWithin(300))) written += 1_000;
    expect(api.log.records).toEqual([]);
    giveRoom();
    upload.end();
    const [summary] = linesOfAnswer(await textOf(await answerOf()));
    expect(summary).toEqual({ accepted: written + 1_000, refused: 0, complete: true });
  });

  it('finishes what it took in and says that it is not complete when the service stops', async () => {
    const confirm = api.log.hold();
    upload.write(`${JSON.stringify(ROW)}\n{}\n${JSON.stringify(ROW)}\n{"cour`);
    const lines = createInterface(await answerOf())[Symbol.asyncIterator]();
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ line: 2 });
    const closing = api.app.close();
    confirm();
    expect(JSON.parse((await lines.next()).value as string)).toEqual({
      accepted: 2,
      refused: 1,
      complete: false,
    });
    upload.end();
    await closing;
  });

  it('takes in the rest of a file it has given up, for clients that read last', async () => {
    api.log.failAfter(0, new StreamsError('TRANSIENT', 'Kafka is gone'));
    const rows = `${JSON.stringify(ROW)}\n`.repeat(60_000);
    const answer = answerOf();
    upload.end(rows);
    await once(upload, 'finish');
    const [summary] = linesOfAnswer(await textOf(await answer));
    expect(summary).toEqual({ accepted: 0, refused: 0, complete: false });
  });

  it('reads no further while nobody reads the answer', async () => {
    const refusedRows = '{}\n'.repeat(10_000);
    upload.write(refusedRows);
    // Nobody reads it: the client would throw away an answer that nobody has asked for.
    await answerOf();
    let isTakenUp = true;
    for (let written = 0; isTakenUp && written < 1_000; written++) {
      isTakenUp = upload.write(refusedRows) || (await drainsWithin(300));
    }
    expect(isTakenUp).toBe(false);
  });

  const drainsWithin = async (ms: number): Promise<boolean> => {
    const limit = AbortSignal.timeout(ms);
    return once(upload, 'drain', { signal: limit }).then(
      () => true,
      () => false,
    );
  };

  it('leaves nothing behind when the client goes away midway', async () => {
    upload.write(`${JSON.stringify({ ...ROW, rating: 0 })}\n${JSON.stringify(ROW)}\n{"cour`);
    await answerOf();
    upload.destroy();
    await untilConnectionsAre(0);
    expect(api.logLines).toEqual([]);
  });

  it('is asked to come later while as many as can be are under way, and taken once one has ended', async () => {
    const others = Array.from({ length: MAX_IMPORTS }, newUpload);
    for (const other of others) {
      other.write('{}\n');
      await once(other, 'response');
    }
    const importOne = () =>
      api.app.inject({ method: 'POST', url: URL_PATH, payload: JSON.stringify(ROW), headers: NDJSON });
    const refused = await importOne();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
    upload.destroy();
    for (const other of others) other.destroy();
    await untilConnectionsAre(0);
    expect((await importOne()).statusCode).toBe(200);
  });

  const untilConnectionsAre = async (wanted: number): Promise<void> => {
    for (;;) {
      const open = await new Promise<number>((resolve, reject) => {
        api.app.getHttpServer().getConnections((error, count) => {
          if (error === null) resolve(count);
          else reject(error);
        });
      });
      if (open === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
});
