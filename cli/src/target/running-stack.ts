import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningStack } from './target.js';

/**
 * The stack that was started from this checkout (or with this REVIEWS_STATE_DIR), if one is up. The launcher's own
 * status command is asked: it alone knows where the state is and whether what it says is still true.
 */
export const runningStack = async (): Promise<RunningStack | undefined> => {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  const status = await outputOf(join(root, 'stack', 'bin', 'status.mjs'), root);
  return status === undefined ? undefined : parseStatus(status);
};

/** Undefined when nothing runs. */
export const parseStatus = (status: string): RunningStack | undefined => {
  const { phase, ...stack } = JSON.parse(status) as { readonly phase: string } & RunningStack;
  return phase === 'stopped' ? undefined : stack;
};

// The exit code only says whether the stack is ready.
const outputOf = (script: string, cwd: string): Promise<string | undefined> =>
  existsSync(script)
    ? new Promise((resolve) => {
        execFile(process.execPath, [script, '--json'], { cwd }, (_, stdout) => {
          resolve(stdout === '' ? undefined : stdout);
        });
      })
    : Promise.resolve(undefined);

// The same file runs from cli/src and from dist/cli/src.
const packageRoot = (directory: string): string =>
  existsSync(join(directory, 'package.json')) || directory === dirname(directory)
    ? directory
    : packageRoot(dirname(directory));
