/** Processes that a benchmark starts, waits for and stops by their id. */
import { NODE_FLAGS } from '../../dist/stack/src/services.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { CHECKOUT, NODE } from './checkout.mjs';

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/** Ids of the processes that run now. */
const running = new Set();

/** Remembers a process for {@link killRunning} until it has ended. */
export const remember = (pid, ended) => {
  running.add(pid);
  void ended.then(() => running.delete(pid));
};

/** Ends at once what was started and is not over: nobody wants to hear of it any more. */
export const killRunning = () => {
  for (const pid of running)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended a moment ago, and nobody has heard of it yet.
    }
};

export const pause = (ms) => new Promise((later) => setTimeout(later, ms));

/** Polls until a check says yes. */
export const until = async (check, what, patienceMs = PATIENCE_MS) => {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await check())) {
    if (performance.now() > deadlineMs) throw new Error(`In vain: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
};

const isOk = (url) =>
  fetch(url).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

const outputTo = (logFile) => (logFile === undefined ? 'ignore' : openSync(logFile, 'a'));

/**
 * A Node process that answers at `url` when it is ready, and is stopped by its id.
 *
 * @param where `logFile`, if any, gets what it prints
 */
export const startProcess = async (args, env, { url, readyPath, logFile }) => {
  const stdout = outputTo(logFile);
  const child = spawn(NODE, [...NODE_FLAGS, ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  if (typeof stdout === 'number') closeSync(stdout);
  const ended = once(child, 'exit');
  remember(child.pid, ended);
  const assertAlive = () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${args.at(-1)} ended with ${child.exitCode ?? child.signalCode}`);
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until(
      () => {
        assertAlive();
        return isOk(url + readyPath);
      },
      `${args.at(-1)} is not ready`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid, assertAlive, stop };
};
