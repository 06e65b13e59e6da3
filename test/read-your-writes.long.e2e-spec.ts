import { describe, it } from '@jest/globals';
import { runPairs } from './read-your-writes/run-pairs.js';

const PAIRS = 1_000;

describe('whoever reads after writing', () => {
  it(`gets nothing older than the own write without being told, ${PAIRS} times`, async () => {
    await runPairs('own-long-', PAIRS);
  }, 1_200_000);
});
