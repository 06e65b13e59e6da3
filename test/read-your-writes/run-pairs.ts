import { expect } from '@jest/globals';
import { launchStack, sharedInfrastructure } from '../support/launched-stack.js';
import { FRAUD_PERCENT, writeAndRead } from './pairs.js';

const MAX_STALE_SHARE = 0.01;
const KINDS = 8;

/** Runs pairs on a stack of their own and judges them. */
export const runPairs = async (prefix: string, pairs: number): Promise<void> => {
  const stack = await launchStack({
    ...sharedInfrastructure(),
    TOPIC_PREFIX: prefix,
    FRAUD_PERCENT: String(FRAUD_PERCENT),
  });
  try {
    const figures = await writeAndRead(stack.url, pairs);
    const at = (share: number): string =>
      (figures.tookMs[Math.floor(figures.tookMs.length * share)] ?? 0).toFixed(0);
    const kinds = [...figures.byKind].map(([kind, count]) => `${count} ${kind}`).join(', ');
    process.stdout.write(
      `Read your writes, ${figures.pairs} pairs (${kinds}): ${figures.stale} of ${2 * figures.pairs} answers stale; ` +
        `write to read p50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
    );
    expect(figures.byKind.size).toBe(KINDS);
    expect(figures.stale).toBeLessThanOrEqual(2 * pairs * MAX_STALE_SHARE);
  } finally {
    await stack.destroy();
  }
};
