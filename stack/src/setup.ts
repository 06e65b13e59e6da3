import { join } from 'node:path';
import { type Environment } from './environment.js';
import { openLogFile } from './log-file.js';
import { runToEnd } from './run-to-end.js';
import { NODE_FLAGS } from './services.js';
import { StackError } from './stack-error.js';

export interface SetupOptions {
  readonly checkout: string;
  readonly stateDir: string;
  readonly env: Environment;
}

/** Topics, tables and schemas: made by the `reviews` command, which anyone can run by hand, too. Safe to repeat. */
export async function runSetup(
  { checkout, stateDir, env }: SetupOptions,
  signal: AbortSignal,
): Promise<void> {
  const log = openLogFile(join(stateDir, 'logs', 'setup.log'));
  const command = join(checkout, 'dist', 'cli', 'src', 'main.js');
  try {
    await runToEnd(
      { command: process.execPath, args: [...NODE_FLAGS, command, 'setup'], cwd: checkout, env },
      signal,
      log,
    );
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StackError('COMMAND_FAILED', `Topics, tables and schemas could not be set up: ${reason}`, {
      cause,
    });
  } finally {
    await log.close();
  }
}
