import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { ImportSummary } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { pidOf, type LaunchedStack } from '../support/launched-stack.js';
import { topicRecords } from '../support/topic-records.js';

const CLIENTS = 5;
const ROWS_BEFORE_STOP = 2_000;
const ROW_PAUSE_MS = 5;

/** What an import and submissions came to that were under way when the service was told to stop. */
export interface StoppedWrites {
  readonly summary: ImportSummary;
  readonly inLog: { readonly imported: number; readonly submitted: number };
  readonly submissions: SubmissionCounts;
}

interface SubmissionCounts {
  accepted: number;
  /** Answered 503. */
  turnedAway: number;
  /** How each client ended whose last connection was not refused: the kernel resets those that nobody had accepted yet. */
  readonly cutOff: string[];
}

/** SIGTERM in the middle of an import that would go on for ever, and of submissions one after the other. */
export const importUntilStopped = async (stack: LaunchedStack, courseId: string): Promise<StoppedWrites> => {
  const pid = await pidOf(stack, 'review-api');
  const submissions: SubmissionCounts = { accepted: 0, turnedAway: 0, cutOff: [] };
  const sent = request(`${stack.url}/v1/imports/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    agent: false,
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  let rows = 0;
  const sender = setInterval(() => {
    for (let row = 0; row < 20; row++)
      sent.write(`${JSON.stringify({ courseId, userId: `import-${rows++}`, rating: 4 })}\n`);
  }, ROW_PAUSE_MS);
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    submitUntilRefused(stack.url, courseId, `client-${index}`, submissions),
  );
  try {
    await eventually(() =>
      rows > ROWS_BEFORE_STOP ? Promise.resolve() : Promise.reject(new Error(`${rows} rows`)),
    );
    process.kill(pid, 'SIGTERM');
    const [answer] = await answered;
    // The file would go on for ever: five seconds after the summary, which is what counts, its connection is cut.
    sent.on('error', () => undefined);
    const summary = (await firstLineOf(answer)) as ImportSummary;
    await Promise.all(clients);
    await eventually(async () => {
      if ((await pidOf(stack, 'review-api')) === pid) throw new Error('review-api was not started again');
    });
    return { summary, inLog: await inLogOf(stack, courseId), submissions };
  } finally {
    clearInterval(sender);
    sent.on('error', () => undefined);
    sent.destroy();
  }
};

/** Submits on a kept connection until nobody listens any more. */
const submitUntilRefused = async (
  url: string,
  courseId: string,
  name: string,
  counts: SubmissionCounts,
): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let index = 0; ; index++) {
      const sent = request(`${url}/v1/courses/${courseId}/reviews`, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
      });
      const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
      sent.end(JSON.stringify({ userId: `${name}-${index}`, rating: 4 }));
      const [answer] = await answered;
      await textOf(answer);
      if (answer.statusCode === 202) counts.accepted += 1;
      else counts.turnedAway += 1;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNREFUSED') counts.cutOff.push(String(error));
  } finally {
    agent.destroy();
  }
};

const firstLineOf = async (answer: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of answer.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text);
};

const inLogOf = async (stack: LaunchedStack, courseId: string): Promise<StoppedWrites['inLog']> => {
  const records = await topicRecords(await stack.run(), `${stack.env['TOPIC_PREFIX'] ?? ''}reviews`);
  const ofCourse = records.filter(({ value }) => value?.['courseId'] === courseId);
  const imported = ofCourse.filter(({ value }) => value?.['imported'] === true).length;
  return { imported, submitted: ofCourse.length - imported };
};
