import { describe, expect, it } from '@jest/globals';
import { BROKEN_RULES } from './broken-rules.mjs';
import { lastLine, simulation, type Ended } from './run-simulation.js';

const SEEDS = 2_000;
/** A change of the library moves what happens when: then a seed near the one that noticed does. */
const SEEDS_PER_RULE = 400;
const CAMPAIGN_LIMIT_MS = 300_000;
const RULE_LIMIT_MS = 60_000;

describe('three processes of a service with eight partitions, on a cluster in memory', () => {
  it(
    `come to what the oracle says whatever happens, in ${SEEDS} seeds that meet every kind of fault`,
    async () => {
      const ended = await simulation('--seeds', String(SEEDS));
      process.stdout.write(ended.output);
      expect(lastLine(ended)).toBe('passed');
      expect(ended.code).toBe(0);
    },
    CAMPAIGN_LIMIT_MS,
  );

  it(
    'do the same at the same time whenever a seed is run again',
    async () => {
      const [once, again] = [
        await simulation('--seed', '4420', '--trace'),
        await simulation('--seed', '4420', '--trace'),
      ];
      const told = ({ output }: Ended): readonly string[] =>
        output.split('\n').filter((line) => !line.includes('seeds/s'));
      expect(told(once).length).toBeGreaterThan(1_000);
      expect(told(again)).toEqual(told(once));
    },
    RULE_LIMIT_MS,
  );

  it.each(BROKEN_RULES.map(({ rule, why, seed }) => ({ rule, why, seed })))(
    'are caught when $why ($rule)',
    async ({ rule, seed }) => {
      const from = ['--from', String(seed), '--seeds', String(SEEDS_PER_RULE)];
      const broken = await simulation('--break', rule, ...from);
      process.stdout.write(`${lastLine(broken) ?? ''}\n`);
      expect(broken.code).toBe(0);
      const noticed = /noticed by seed (\d+)/.exec(broken.output)?.[1];
      const whole = await simulation('--seed', String(noticed));
      expect(lastLine(whole)).toBe('passed');
    },
    RULE_LIMIT_MS,
  );
});
