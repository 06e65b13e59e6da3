/** `npm start`: makes the machine ready (packages, build, downloads), then hands over to the launcher in stack/src. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultCacheDir, installArtifact, isInstalled, ARTIFACTS } from './artifacts.mjs';
import { build, buildIsCurrent } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { withLock } from './lock.mjs';
import { installPackages, packagesAreInstalled } from './packages.mjs';
import { checkMachine, checkPort } from './preflight.mjs';
import { createProgress } from './progress.mjs';
import { findStateDir, openStateDir } from './state-dir.mjs';

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function prepare(signal) {
  const { stateDir, moved } = findStateDir(checkout);
  const cacheDir = defaultCacheDir();
  checkMachine({ env: process.env, checkout, stateDir, cacheDir });
  process.env.REVIEWS_STATE_DIR = openStateDir(stateDir);
  if (!programIsReady()) await checkPort(process.env);

  const progress = createProgress();
  try {
    if (moved) {
      progress.line(
        `The state is in ${stateDir}: PostgreSQL must not run as root, and another user cannot enter this directory.`,
      );
    }
    // One failure ends the others: nothing goes on working behind an error message.
    const siblings = new AbortController();
    const together = AbortSignal.any([signal, siblings.signal]);
    const jobs = [makeProgram(progress, together), ...downloads(cacheDir, progress, together)];
    await Promise.all(jobs).catch(async (error) => {
      siblings.abort(error);
      await Promise.allSettled(jobs);
      throw error;
    });
  } finally {
    progress.end();
  }
}

function programIsReady() {
  return packagesAreInstalled(checkout) && buildIsCurrent(checkout);
}

async function makeProgram(progress, signal) {
  if (programIsReady()) return;
  await withLock(`checkout ${checkout}`, signal, async () => {
    if (!packagesAreInstalled(checkout)) {
      await progress.step('npm packages', () => installPackages(checkout, signal));
    }
    if (!programIsReady()) await progress.step('build', () => build(checkout, signal));
  });
}

function downloads(cacheDir, progress, signal) {
  const parts = [
    ...(process.env.KAFKA_BROKERS ? [] : ['kafka']),
    ...(process.env.SCHEMA_REGISTRY_URL ? [] : ['schema-registry']),
  ];
  return parts
    .filter((part) => !isInstalled(part, cacheDir))
    .map((part) =>
      progress.step(`${ARTIFACTS[part].title} download`, (report) =>
        installArtifact(part, { cacheDir, signal, report }),
      ),
    );
}

const stop = new AbortController();
const handlers = Object.keys(SIGNAL_EXIT_CODES).map((name) => [name, () => stop.abort(name)]);
for (const [name, handler] of handlers) process.on(name, handler);
try {
  await prepare(stop.signal);
  for (const [name, handler] of handlers) process.off(name, handler);
  await handOver(checkout);
} catch (error) {
  if (stop.signal.aborted) {
    process.exitCode = SIGNAL_EXIT_CODES[stop.signal.reason];
  } else {
    process.stderr.write(`${error.code === undefined ? error.stack : error.message}\n`);
    process.exitCode = error.exitCode ?? 1;
  }
}
