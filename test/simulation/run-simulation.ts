import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const node = join(here, '../../node_modules/.bin/node');

/** How a run of the simulation ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs the simulation with these options, in plain node on `dist/`. */
export const simulation = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const limits = { maxBuffer: 64 * 1_024 * 1_024 };
    const run = execFile(node, [join(here, 'run.mjs'), ...args], limits, (_error, stdout, stderr) => {
      resolve({ code: run.exitCode ?? -1, output: stdout + stderr });
    });
  });

export const lastLine = ({ output }: Ended): string | undefined => output.trim().split('\n').at(-1);
