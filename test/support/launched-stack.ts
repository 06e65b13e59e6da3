import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';

const START_PATIENCE_MS = 120_000;
const READY = /Course Reviews is ready: (\S+)/;

/** The part of run.json that tests look at. */
export interface RunInfo {
  readonly url: string;
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
  readonly databaseUrl: string;
  readonly parts: readonly { readonly name: string; readonly pid: number; readonly restarts: number }[];
}

/** The product as `npm start` runs it, in a state of its own. */
export interface LaunchedStack {
  readonly url: string;
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly launcher: ChildProcess;
  /** What the launcher has printed. */
  output(): string;
  run(): Promise<RunInfo>;
  /** SIGTERM, waits for the end, and keeps the state. Returns the exit code. */
  stop(): Promise<number | null>;
  /** SIGTERM, waits for the end, and removes the state. */
  destroy(): Promise<void>;
}

/** The infrastructure all suites share. Services of a prefix have topics and tables of their own on it. */
export const sharedInfrastructure = (): Record<string, string> => ({
  KAFKA_BROKERS: environment('TEST_KAFKA_BROKERS'),
  SCHEMA_REGISTRY_URL: environment('TEST_SCHEMA_REGISTRY_URL'),
  DATABASE_URL: environment('TEST_DATABASE_URL'),
});

/** Launches and waits until everything is ready. */
export const launchStack = async (
  settings: Readonly<Record<string, string>>,
  keptStateDir?: string,
): Promise<LaunchedStack> => {
  const stateDir = keptStateDir ?? (await newStateDir());
  const env = {
    PORT: String(await getPort({ host: '127.0.0.1' })),
    ...settings,
    REVIEWS_STATE_DIR: stateDir,
  };
  const launcher = spawn(process.execPath, ['dist/stack/src/main.js'], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`Not ready in time:\n${output}`));
    }, START_PATIENCE_MS);
    const listen = (chunk: Buffer): void => {
      output += String(chunk);
      const ready = READY.exec(output)?.[1];
      if (ready === undefined) return;
      clearTimeout(timer);
      resolve(ready);
    };
    launcher.stdout.on('data', listen);
    launcher.stderr.on('data', listen);
    launcher.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The launcher ended with ${String(code)}:\n${output}`));
    });
  }).catch(async (error: unknown) => {
    await endOf(launcher);
    throw error;
  });
  return {
    url,
    stateDir,
    env,
    launcher,
    output: () => output,
    run: async () => JSON.parse(await readFile(join(stateDir, 'run.json'), 'utf8')) as RunInfo,
    stop: () => endOf(launcher),
    async destroy() {
      await endOf(launcher);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
};

/** A directory that PostgreSQL's unprivileged user may pass when tests run as root. */
export const newStateDir = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-state-'));
  await chmod(directory, 0o711);
  return directory;
};

/** Process id of a part that runs now. */
export const pidOf = async (stack: LaunchedStack, part: string): Promise<number> => {
  const found = (await stack.run()).parts.find(({ name }) => name === part);
  if (found === undefined) throw new Error(`No part ${part}`);
  return found.pid;
};

const endOf = async (launcher: ChildProcess): Promise<number | null> => {
  if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
  const ended = once(launcher, 'exit');
  launcher.kill('SIGTERM');
  await ended;
  return launcher.exitCode;
};

const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this through npm test or npm run test:system`);
  return value;
};
