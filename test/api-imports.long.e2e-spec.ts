import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiAt } from './support/api.js';
import { launchStack, pidOf, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';

const ROWS = 400_000;
const REFUSED_ROWS = 2_000_000;
/** What a process may come to hold more from a quarter of a file to its end: its heap breathes by about half of it. */
const GROWTH_LIMIT_MB = 96;

describe('a very long import', () => {
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({
      ...sharedInfrastructure(),
      TOPIC_PREFIX: 'long-import-',
      FRAUD_PERCENT: '0',
    });
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  const residentMb = async (): Promise<number> => {
    const status = readFileSync(`/proc/${await pidOf(stack, 'review-api')}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
  };

  /** Lines as a body; tells how much memory the API held at a quarter of them and at their end. */
  const measured = (count: number, lineOf: (index: number) => string) => {
    const heldMb: number[] = [];
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const lines = Array.from({ length: 1_000 }, (_, index) => `${lineOf(sent + index)}\n`);
        controller.enqueue(new TextEncoder().encode(lines.join('')));
        sent += lines.length;
        if (sent === count / 4 || sent === count) heldMb.push(await residentMb());
        if (sent === count) controller.close();
      },
    });
    return { body, heldMb };
  };

  it('takes no more memory at its end than at a quarter of it', async () => {
    const content = 'x'.repeat(800);
    const { body, heldMb } = measured(ROWS, (index) =>
      JSON.stringify({ courseId: `course-${index % 500}`, userId: `user-${index}`, rating: 4, content }),
    );
    const { summary } = await apiAt(stack.url).importRows(body);
    expect(summary).toEqual({ accepted: ROWS, refused: 0, complete: true });
    process.stdout.write(`${ROWS} rows: ${heldMb.map(Math.round).join(' MB, then ')} MB\n`);
    expect((heldMb[1] ?? NaN) - (heldMb[0] ?? NaN)).toBeLessThan(GROWTH_LIMIT_MB);
  });

  it('of nothing but refused rows likewise, and reports each of them', async () => {
    const { body, heldMb } = measured(REFUSED_ROWS, () => '{}');
    const { summary, refused } = await apiAt(stack.url).importRows(body);
    expect(summary).toEqual({ accepted: 0, refused: REFUSED_ROWS, complete: true });
    expect(refused.length).toBe(REFUSED_ROWS);
    process.stdout.write(`${REFUSED_ROWS} refused: ${heldMb.map(Math.round).join(' MB, then ')} MB\n`);
    expect((heldMb[1] ?? NaN) - (heldMb[0] ?? NaN)).toBeLessThan(GROWTH_LIMIT_MB);
  });
});
