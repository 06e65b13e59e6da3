import { lastStatementIn } from './last-statement.js';
import { type LogFile } from './log-file.js';
import { type ProcessSpec, startProcess } from './running-process.js';
import { StackError } from './stack-error.js';

const KEPT_CHARACTERS = 8_000;

/**
 * Runs a command to its end; an abort ends it with everything it started. If it fails, the error says the last thing
 * it said on standard error.
 */
export async function runToEnd(spec: ProcessSpec, signal: AbortSignal, log?: LogFile): Promise<void> {
  signal.throwIfAborted();
  let complaints = '';
  const running = await startProcess(spec, {
    write: (chunk) => log?.write(chunk),
    writeError: (chunk) => {
      complaints = (complaints + Buffer.from(chunk).toString()).slice(-KEPT_CHARACTERS);
      log?.write(chunk);
    },
  });
  const kill = (): void => {
    running.killGroup();
  };
  signal.addEventListener('abort', kill, { once: true });
  const how = await running.ended;
  await running.drained;
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (how === 'exit code 0') return;
  throw new StackError('COMMAND_FAILED', lastStatementIn(complaints) ?? `${spec.command} failed (${how}).`);
}
