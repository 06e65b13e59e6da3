/** `npm run bench`: what the product exists for, measured beside what a user would pick instead, in one run on one machine. */
import { performance } from 'node:perf_hooks';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseOptions, usageOf } from './options.mjs';
import { runRows } from './run-rows.mjs';
import { ROWS } from './rows/index.mjs';
import { summarizeProfiles } from './report/profile-summary.mjs';
import { writeReport } from './report/write-report.mjs';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const readOptions = () => {
  try {
    return parseOptions(process.argv.slice(2), Object.keys(ROWS));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usageOf(Object.keys(ROWS))}`);
    process.exit(EXIT_USAGE);
  }
};

const options = readOptions();
if (options.help) {
  process.stdout.write(usageOf(Object.keys(ROWS)));
  process.exit(0);
}
const startedMs = performance.now();
const say = (line) => {
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  process.stdout.write(
    `[${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}] ${line}\n`,
  );
};
const profile = options.profile === undefined ? undefined : resolve(options.profile);
if (profile !== undefined) mkdirSync(profile, { recursive: true });

const rows = await runRows({ ...options, profile }, say);
if (profile !== undefined) summarizeProfiles(profile);
process.stdout.write(`\n${await writeReport(rows, options)}\n`);
process.exit(Object.values(rows).some(({ failed }) => failed !== undefined) ? EXIT_FAILED : 0);
