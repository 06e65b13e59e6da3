import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadBootstrap } from '../../stack/src/bootstrap.js';

const MAX_OUTPUT_BYTES = 64_000_000;
const exec = promisify(execFile);

/** A buildah with a store of its own: nothing of it is among the machine's images, and all of it goes at the end. */
export interface Buildah {
  /** Runs one of its commands. Returns what it printed. */
  run(...args: readonly string[]): Promise<string>;
  /** How its processes are started. */
  readonly program: string;
  readonly globalArgs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A directory that goes with it. */
  readonly directory: string;
  close(): Promise<void>;
}

export const openBuildah = async (): Promise<Buildah> => {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-images-'));
  const env = { ...process.env, TMPDIR: await imagesCache() };
  const driver = process.env['STORAGE_DRIVER'] ?? 'overlay';
  const globalArgs = [
    ...['--root', join(directory, 'store'), '--runroot', join(directory, 'run')],
    ...['--storage-driver', driver],
  ];
  const run = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await exec('buildah', [...globalArgs, ...args], { env, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout.trim();
  };
  return {
    run,
    program: 'buildah',
    globalArgs,
    env,
    directory,
    async close() {
      await run('rm', '--all');
      await run('rmi', '--all', '--force');
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** Kept from run to run: the base's Debian, and what npm downloads in a build. */
export const imagesCache = async (): Promise<string> => {
  const directory = join((await loadBootstrap()).defaultCacheDir(), 'images');
  await mkdir(directory, { recursive: true });
  return directory;
};
