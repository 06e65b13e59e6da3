/**
 * Deterministic simulation of libs/streams; build first.
 *
 *   node test/simulation/run.mjs --seeds 2000          seeds 1 to 2000; ends with 1 at the first that fails
 *   node test/simulation/run.mjs --seed 39 --trace     one seed, every event of it
 *   node test/simulation/run.mjs --break <rule>        looks for a seed that notices that a safety rule is off
 */
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
    break: { type: 'string' },
  },
});

/** Fewer seeds need not meet every kind of fault. */
const SEEDS_FOR_ALL_FAULTS = 500;
const PROGRESS_MS = 10_000;

const single = values.seed !== undefined;
const from = Number(single ? values.seed : values.from);
const seeds = single ? 1 : Number(values.seeds);
const startedMs = performance.now();
const faults = new Map();
let done = 0;
let events = 0;
let hash;

const perSecond = () => (done / ((performance.now() - startedMs) / 1_000)).toFixed(1);
const say = (line) => process.stdout.write(`${line}\n`);
const progress = setInterval(() => say(`${done} of ${seeds} seeds, ${perSecond()} seeds/s`), PROGRESS_MS);

const failed = await runCampaign({
  from,
  seeds,
  workers: single ? 1 : Number(values.workers),
  rule: values.break,
  trace: values.trace,
  // Late is not wrong: a rule is noticed by what is written that must not be.
  isBad: ({ wrong, late }) => wrong.length > 0 || (values.break === undefined && late.length > 0),
  onVerdict(verdict) {
    done += 1;
    events += verdict.events ?? 0;
    hash = verdict.hash;
    for (const [kind, times] of Object.entries(verdict.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + times);
  },
}).finally(() => clearInterval(progress));

if (single) say(`hash ${hash}`);
for (const [kind, times] of [...faults].sort()) say(`  ${String(times).padStart(9)} ${kind}`);
say(`${done} seeds, ${events} events, ${perSecond()} seeds/s`);
if (values.break !== undefined) sayWhoNoticed();
else judge();

function sayWhoNoticed() {
  if (failed === undefined) {
    say(`${values.break}: NOT NOTICED within ${seeds} seeds`);
    process.exitCode = 1;
  } else say(`${values.break}: noticed by seed ${failed.seed}: ${failed.wrong[0]}`);
}

async function judge() {
  const { FAULT_KINDS } = await import('../../dist/libs/streams/src/testing/simulation/fault-counts.js');
  const missing = seeds < SEEDS_FOR_ALL_FAULTS ? [] : FAULT_KINDS.filter((kind) => !faults.has(kind));
  if (failed !== undefined) say(`FAILED\n${[...failed.wrong, ...failed.late].join('\n')}`);
  else if (missing.length > 0) say(`FAILED\nnever occurred: ${missing.join(', ')}`);
  else say('passed');
  if (failed !== undefined || missing.length > 0) process.exitCode = 1;
}
