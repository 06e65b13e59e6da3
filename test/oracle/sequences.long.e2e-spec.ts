import { describe, expect, it } from '@jest/globals';
import { OPERATIONS_PER_SEQUENCE, runSequences } from './sequences.js';

const SEQUENCES = 10_000;
/** Not the seed of `sequences.spec.ts`. */
const SEED = 2;

describe('ledger and statistics, in 10,000 sequences of 500 operations', () => {
  it('are what a naive recomputation says after every operation', () => {
    const { operations, outcomes } = runSequences(SEQUENCES, SEED);
    process.stdout.write(`${operations} operations compared: ${JSON.stringify(outcomes)}\n`);
    expect(operations).toBe(SEQUENCES * OPERATIONS_PER_SEQUENCE);
  });
});
