/**
 * `npm test`: makes the checkout ready, then runs every level. `npm run test:long` runs the campaigns at full size instead.
 * The last line counts: `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildIsCurrent } from '../stack/bin/build.mjs';
import { installPackages, packagesAreInstalled } from '../stack/bin/packages.mjs';

const LEVELS = [
  ['rules, tasks and contracts', 'jest.config.mjs'],
  ['the whole system, two suites at a time', 'test/jest.together.config.mjs'],
  ['campaigns and simulation', 'test/jest.alone.config.mjs'],
];
const LONG_LEVELS = [['campaigns at full size', 'test/jest.long.config.mjs']];
const LONG = '--long';
const isLong = process.argv.includes(LONG);
const jestArguments = process.argv.slice(2).filter((argument) => argument !== LONG);

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const results = mkdtempSync(join(tmpdir(), 'reviews-test-results-'));
const stop = new AbortController();
let running;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stop.abort();
    running?.kill(signal);
  });

async function makeReady() {
  if (!packagesAreInstalled(checkout)) await installPackages(checkout, stop.signal);
  if (!buildIsCurrent(checkout)) await build(checkout, stop.signal);
}

async function runLevel([title, config], index) {
  process.stdout.write(`\n— ${title}\n`);
  const outputFile = join(results, `${index}.json`);
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const args = [...jest, '--config', config, '--json', '--outputFile', outputFile, ...jestArguments];
  running = spawn(join(checkout, 'node_modules', '.bin', 'node'), args, {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(running, 'exit');
  return countsOf(outputFile, code);
}

/** A level that could not even count has failed. */
function countsOf(outputFile, code) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(outputFile, 'utf8'),
    );
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

try {
  await makeReady();
  const counts = [];
  for (const [index, level] of (isLong ? LONG_LEVELS : LEVELS).entries())
    if (!stop.signal.aborted) counts.push(await runLevel(level, index));
  const total = (kind) => counts.reduce((sum, count) => sum + count[kind], 0);
  if (stop.signal.aborted || total('failed') > 0) process.exitCode = 1;
  process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write('\n0 passed, 1 failed\n');
  process.exitCode = 1;
} finally {
  rmSync(results, { recursive: true });
}
