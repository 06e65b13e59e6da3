import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { apiAt } from './support/api.js';
import { eventually } from './support/eventually.js';
import { launchStack, newStateDir, type LaunchedStack, type RunInfo } from './support/launched-stack.js';

const PARTS = [
  'kafka',
  'schema-registry',
  'postgres',
  'fraud-detector',
  'aggregator',
  'stats-sink',
  'review-api',
];

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const aliveOf = ({ parts }: RunInfo): readonly string[] =>
  parts.filter(({ pid }) => isAlive(pid)).map(({ name }) => name);

/** Prints how long something took: the machine decides, so nothing is asserted. */
const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const startedMs = performance.now();
  const result = await work();
  process.stdout.write(`${what}: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s\n`);
  return result;
};

describe('the embedded stack', () => {
  let stateDir: string;
  let stack: LaunchedStack;

  afterAll(async () => {
    await stack.destroy();
  });

  it('starts every part and says where it is', async () => {
    stateDir = await newStateDir();
    stack = await timed('first start', () => launchStack({ FRAUD_PERCENT: '0' }, stateDir));
    const run = await stack.run();
    expect(run.parts.map(({ name }) => name).sort()).toEqual([...PARTS].sort());
    expect(statSync(join(stateDir, 'run.json')).mode & 0o777).toBe(0o600);
    const { body } = await apiAt(stack.url).submit('kept', { userId: 'ann', rating: 4 });
    // On a busy machine the first answers may come before the services are at their speed.
    await eventually(async () => {
      expect((await apiAt(stack.url).statistics('kept', body.position)).body.allTime.count).toBe(1);
    });
  }, 150_000);

  it('refuses a second start on the same state in one sentence', async () => {
    const second = spawn(process.execPath, ['dist/stack/src/main.js'], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    second.stderr.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(stateDir);
    expect((await fetch(`${stack.url}/health/ready`)).status).toBe(200);
  }, 60_000);

  it('starts a part again that dies', async () => {
    const before = (await stack.run()).parts.find(({ name }) => name === 'schema-registry');
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await eventually(async () => {
      const now = (await stack.run()).parts.find(({ name }) => name === 'schema-registry');
      expect(now?.restarts).toBe(1);
      expect((await fetch(`${stack.url}/health/ready`)).status).toBe(200);
    });
  }, 60_000);

  it('cleans up after a launcher killed with -9, and keeps its data', async () => {
    const before = await stack.run();
    const ended = once(stack.launcher, 'exit');
    stack.launcher.kill('SIGKILL');
    await ended;
    stack = await timed('warm start', () => launchStack({ FRAUD_PERCENT: '0' }, stateDir));
    expect(aliveOf(before)).toEqual([]);
    await eventually(async () => {
      expect((await apiAt(stack.url).statistics('kept')).body.allTime.count).toBe(1);
    });
  }, 150_000);

  it('leaves no process and no run.json behind when it is stopped', async () => {
    const before = await stack.run();
    await stack.stop();
    expect(aliveOf(before)).toEqual([]);
    expect(existsSync(join(stateDir, 'run.json'))).toBe(false);
    await rm(stateDir, { recursive: true });
  }, 60_000);
});
