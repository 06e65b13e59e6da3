import { spawn } from 'node:child_process';
import { type ProcessIdentity, startTimeOf } from './proc.js';
import { StackError } from './stack-error.js';

const STOP_PATIENCE_MS = 15_000;

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Another user to run as; only root can ask for it. */
  readonly runAs?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface RunningProcess extends ProcessIdentity {
  readonly startedAtMs: number;
  /** Resolves, never rejects, with how it ended, in words. */
  readonly ended: Promise<string>;
  /** Resolves when all it printed has arrived, which may be after its end. */
  readonly drained: Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Ends it and everything in its process group at once. */
  killGroup(): void;
}

/** Takes what a process prints; its standard error too, unless that is taken separately. */
export interface ProcessOutput {
  readonly write: (chunk: Uint8Array) => void;
  readonly writeError?: (chunk: Uint8Array) => void;
}

/**
 * Starts a process in a group of its own: Ctrl-C in a terminal goes to the whole foreground group, and the launcher
 * alone decides in which order its parts stop.
 */
export async function startProcess(spec: ProcessSpec, output: ProcessOutput): Promise<RunningProcess> {
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.runAs,
  });
  const { pid } = child;
  if (pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new StackError('COMMAND_FAILED', `${spec.command} cannot be run: ${cause.message}.`, { cause });
  }
  child.stdout.on('data', (chunk: Buffer) => {
    output.write(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    (output.writeError ?? output.write)(chunk);
  });
  const processStartTime = startTimeOf(pid) ?? 0;
  const killGroup = (): void => {
    sendSignal(-pid, 'SIGKILL');
  };
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      // What it started itself must not outlive it: the next start of the part would meet it.
      killGroup();
      resolve(signal === null ? `exit code ${exitCode ?? 'unknown'}` : signal);
    });
  });
  const drained = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  return {
    pid,
    processStartTime,
    startedAtMs: Date.now(),
    ended,
    drained,
    signal: (name) => {
      if (child.exitCode === null && child.signalCode === null) sendSignal(pid, name);
    },
    killGroup,
  };
}

/** Asks a process to stop, gives it 15 s, then ends it. */
export async function stopProcess(running: RunningProcess, stopSignal: NodeJS.Signals): Promise<void> {
  running.signal(stopSignal);
  const timer = setTimeout(() => {
    running.killGroup();
  }, STOP_PATIENCE_MS);
  await running.ended;
  clearTimeout(timer);
}

export function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // It ended on its own between the decision and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
