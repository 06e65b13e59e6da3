import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Refusal } from './refusal.mjs';

const KEPT_CHARACTERS = 2_000;

/**
 * Runs a command to its end. It gets a process group of its own, so
 * that Ctrl-C reaches the launcher alone and an abort ends the command together with everything it started.
 */
export async function runCommand(command, args, { cwd, env = process.env, signal }) {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  // The reason stands first (npm prints its whole usage after it) or last (compilers).
  let head = '';
  let tail = '';
  const keep = (chunk) => {
    const room = KEPT_CHARACTERS - head.length;
    head += chunk.slice(0, room);
    tail = (tail + chunk.slice(room)).slice(-KEPT_CHARACTERS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const endGroup = () => endProcessGroup(child.pid);
  signal.addEventListener('abort', endGroup, { once: true });
  process.on('exit', endGroup);
  try {
    const [exitCode, exitSignal] = await once(child, 'close');
    signal.throwIfAborted();
    if (exitCode !== 0) {
      const how = exitSignal === null ? `exit code ${exitCode}` : exitSignal;
      throw new Refusal(
        'COMMAND_FAILED',
        `${command} ${args[0] ?? ''} failed (${how}):\n${(head + tail).trim()}`,
      );
    }
  } finally {
    signal.removeEventListener('abort', endGroup);
    process.off('exit', endGroup);
  }
}

function endProcessGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
