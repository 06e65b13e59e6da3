import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiAt } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from '../support/launched-stack.js';
import { runContract, whyNoSchemathesis, type ContractReport } from './schemathesis.js';

const START_LIMIT_MS = 120_000;
const SEED = 20_261_121;
const COURSE = 'ts-101';
const USER = 'ada';

/** How much of it. */
export interface ContractSize {
  readonly prefix: string;
  readonly maxExamples: number;
  readonly minRequests: number;
  readonly limitMs: number;
}

/** The API against its own document. */
export const contractSuite = async ({
  prefix,
  maxExamples,
  minRequests,
  limitMs,
}: ContractSize): Promise<void> => {
  const whyNot = await whyNoSchemathesis();
  if (whyNot !== undefined) process.stdout.write(`NOT TESTED, the API against its document: ${whyNot}\n`);
  const describeWhenPossible = whyNot === undefined ? describe : describe.skip;

  describeWhenPossible(`the API's document${whyNot === undefined ? '' : ` (${whyNot})`}`, () => {
    let stack: LaunchedStack;
    let position: string;

    beforeAll(async () => {
      stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: prefix, FRAUD_PERCENT: '0' });
      const api = apiAt(stack.url);
      for (const userId of ['grace', USER])
        position = (await api.submit(COURSE, { userId, rating: 4.5, title: 'Clear' })).body.position;
      await eventually(async () => {
        const { body } = await api.statistics(COURSE, position);
        if (body.allTime.count < 2 || body.stale === true) throw new Error('not there yet');
      });
    }, START_LIMIT_MS);

    afterAll(async () => {
      await stack.destroy();
    });

    it(
      'says of every request what is answered: no fault of ours, no answer that is not in it',
      async () => {
        const startedAtMs = performance.now();
        const { courseId, userId } = { courseId: COURSE, userId: USER };
        const report = await runContract({
          ...{ url: stack.url, maxExamples, seed: SEED, courseId, userId, position },
        });
        const requests = Object.values(report.answers).reduce((sum, count) => sum + count, 0);
        const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
        process.stdout.write(`${requests} generated requests in ${seconds} s\n`);
        if (report.exitCode !== 0) throw new Error(report.output);
        expect(requests).toBeGreaterThanOrEqual(minRequests);
        expectEveryOperation(report);
      },
      limitMs,
    );
  });
};

/** Each is answered as it should be at least once, and not only refused. */
const expectEveryOperation = ({ answers }: ContractReport): void => {
  for (const answer of [
    'POST /v1/courses/{courseId}/reviews 202',
    'POST /v1/courses/{courseId}/reviews 400',
    'DELETE /v1/courses/{courseId}/reviews/{userId} 202',
    'GET /v1/courses/{courseId}/reviews 200',
    'GET /v1/courses/{courseId}/reviews 400',
    'GET /v1/courses/{courseId}/reviews/{userId} 200',
    'GET /v1/courses/{courseId}/reviews/{userId} 404',
    'GET /v1/courses/{courseId}/statistics 200',
    'GET /v1/courses/{courseId}/statistics 404',
    'GET /v1/courses 200',
    'GET /v1/courses 400',
    'POST /v1/imports/reviews 200',
    'GET /health/live 200',
    'GET /health/ready 200',
    'GET /metrics 200',
  ])
    expect([answer, answers[answer] ?? 0]).not.toEqual([answer, 0]);
};
