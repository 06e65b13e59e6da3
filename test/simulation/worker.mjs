/** Runs the seeds it is told, one after the other, and tells how each went. */
import { fileURLToPath } from 'node:url';
import { breakRule } from './break-rule.mjs';

const simulator = new URL('../../dist/libs/streams/src/testing/simulation/simulate.js', import.meta.url);

// Stacks of errors that are part of the plan cost more than the rest of the run.
Error.stackTraceLimit = 0;
const STACK_OF_A_TRACE = 20;

const rule = process.env.BROKEN_RULE;
const broken = rule === undefined ? undefined : breakRule(rule);
const { simulate } = await import(fileURLToPath(simulator));
broken?.mustBeApplied();

let current;
process.on('unhandledRejection', (error) => {
  const wrong = [`seed ${current}: nobody handled ${error instanceof Error ? error.stack : String(error)}`];
  process.send({ seed: current, wrong, late: [], faults: {} }, () => process.exit(1));
});
process.on('message', async ({ seed, trace }) => {
  current = seed;
  if (trace) Error.stackTraceLimit = STACK_OF_A_TRACE;
  const print = trace ? (line) => process.stdout.write(`${line}\n`) : undefined;
  process.send(await simulate(seed, print === undefined ? {} : { print }));
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
