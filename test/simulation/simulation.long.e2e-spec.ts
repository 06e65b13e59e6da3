import { describe, expect, it } from '@jest/globals';
import { lastLine, simulation } from './run-simulation.js';

const SEEDS = 100_000;

describe('three processes of a service with eight partitions, on a cluster in memory', () => {
  it(`come to what the oracle says whatever happens, in ${SEEDS} seeds`, async () => {
    const ended = await simulation('--seeds', String(SEEDS));
    process.stdout.write(ended.output);
    expect(lastLine(ended)).toBe('passed');
    expect(ended.code).toBe(0);
  });
});
