import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Buildah } from './buildah.js';

/** The part of an image's settings that tests look at. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

/** What an image starts, started as its user with its environment. */
export interface RunningContainer {
  output(): string;
  /** Runs another command beside it. Returns whether it ended well. */
  succeeds(command: readonly string[]): Promise<boolean>;
  /** The exit code, when it has ended by itself. */
  ended(): Promise<number | null>;
  /** SIGTERM to the process itself, as an engine sends it. Returns the exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, if it is still there. */
  kill(): void;
}

export const configOf = async (buildah: Buildah, image: string): Promise<ImageConfig> => {
  const { Docker } = JSON.parse(await buildah.run('inspect', '--type', 'image', image)) as {
    Docker: { config: ImageConfig };
  };
  return Docker.config;
};

/** @param command in place of the image's own `CMD` */
export const startContainer = async (
  buildah: Buildah,
  image: string,
  env: Readonly<Record<string, string>>,
  command?: readonly string[],
): Promise<RunningContainer> => {
  const { Entrypoint, Cmd } = await configOf(buildah, image);
  const container = await buildah.run('from', '--pull-never', image);
  const start = (what: readonly string[]): ChildProcess =>
    spawn(buildah.program, [...buildah.globalArgs, ...runArgs(container, env), ...what], {
      env: buildah.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const child = start([...Entrypoint, ...(command ?? Cmd)]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  const ended = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };
  return {
    output: () => output,
    async succeeds(what) {
      const [code] = (await once(start(what), 'exit')) as [number | null];
      return code === 0;
    },
    ended,
    async stop() {
      signalInnermost(child, 'SIGTERM');
      return ended();
    },
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) signalInnermost(child, 'SIGKILL');
    },
  };
};

const runArgs = (container: string, env: Readonly<Record<string, string>>): readonly string[] => [
  ...['run', '--isolation', 'chroot'],
  ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ...[container, '--'],
];

/** A signal to buildah itself would kill what it runs at once. What it runs is its only descendant without a child. */
const signalInnermost = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid !== undefined) process.kill(innermostOf(pid), signal);
};

const innermostOf = (pid: number): number => {
  const [child] = childrenOf(pid);
  return child === undefined ? pid : innermostOf(child);
};

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
