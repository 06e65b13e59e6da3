import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importUntilStopped } from './api/import-until-stopped.js';
import { runWritesCampaign } from './api/writes-campaign.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';

const REQUESTS = 10_000;
const KILLS = 3;

describe('requests of every kind from fifty connections while review-api is killed with -9', () => {
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: 'writes-', FRAUD_PERCENT: '20' });
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  it('take effect exactly once when they are answered 202, and leave no trace when they are refused', async () => {
    const report = await runWritesCampaign(stack, { seed: 1, requests: REQUESTS, kills: KILLS });
    const answers = [...report.answers].map(([line, count]) => `${line}: ${count}`).sort();
    process.stdout.write(
      `${report.promised} promises, ${report.repeated} requests repeated, ${report.kills} kills; ${answers.join(', ')}\n`,
    );
    expect(report.faults).toEqual([]);
    expect(report.repeated).toBeGreaterThan(0);
  }, 300_000);

  it('are answered when review-api is told to stop, an import with how far it came, if they were taken in', async () => {
    const { summary, inLog, submissions } = await importUntilStopped(stack, 'stopped-course');
    process.stdout.write(`${summary.accepted} rows were in; submissions: ${JSON.stringify(submissions)}\n`);
    expect(summary).toMatchObject({ refused: 0, complete: false });
    expect(summary.accepted).toBeGreaterThan(0);
    expect(summary.accepted).toBe(inLog.imported);
    expect(submissions.accepted).toBe(inLog.submitted);
  });
});
