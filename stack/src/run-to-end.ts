import { type LogFile } from './log-file.js';
import { type ProcessSpec, startProcess } from './running-process.js';
import { StackError } from './stack-error.js';

const TAIL_CHARACTERS = 4_000;

/** Runs a command to its end; an abort ends it with everything it started. Throws with its last line if it fails. */
export async function runToEnd(spec: ProcessSpec, signal: AbortSignal, log?: LogFile): Promise<void> {
  signal.throwIfAborted();
  let tail = '';
  const keepTail: Pick<LogFile, 'write'> = {
    write(chunk) {
      tail = (tail + Buffer.from(chunk).toString()).slice(-TAIL_CHARACTERS);
      log?.write(chunk);
    },
  };
  const running = await startProcess(spec, keepTail);
  const kill = (): void => {
    running.killGroup();
  };
  signal.addEventListener('abort', kill, { once: true });
  const how = await running.ended;
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (how === 'exit code 0') return;
  const lastLine = tail.trim().split('\n').at(-1) ?? '';
  throw new StackError('COMMAND_FAILED', lastLine === '' ? `${spec.command} failed (${how}).` : lastLine);
}
