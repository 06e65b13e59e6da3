import { describe, expect, it } from '@jest/globals';
import { OPERATIONS_PER_SEQUENCE, runSequences } from './sequences.js';

/** A tenth of the full size, which `sequences.long.e2e-spec.ts` has. */
const SEQUENCES = 1_000;
const SEED = 1;

describe('ledger and statistics', () => {
  it('are what a naive recomputation says after every operation, whatever is sent, however days pass', () => {
    const { operations, outcomes } = runSequences(SEQUENCES, SEED);
    process.stdout.write(`${operations} operations compared: ${JSON.stringify(outcomes)}\n`);
    expect(operations).toBe(SEQUENCES * OPERATIONS_PER_SEQUENCE);
  }, 300_000);
});
