import { type LogFile, lastStatementOf, openLogFile } from './log-file.js';
import { type ProcessSpec, type RunningProcess, startProcess, stopProcess } from './running-process.js';
import { StackError } from './stack-error.js';

const LOOK_AGAIN_MS = 100;
const START_PATIENCE_MS = 90_000;

/** One process of the stack, described: a server of the infrastructure or one of our services. */
export interface Part {
  /** Short and fixed: names the log file and the entry in run.json. */
  readonly name: string;
  /** For people, with its version. */
  readonly title: string;
  /** host:port or URL where it answers. */
  readonly address: string;
  readonly logFile: string;
  /** The signal that makes it finish what it does and refuse new work. */
  readonly stopSignal: NodeJS.Signals;
  /** Installs and initializes what is missing. Safe to repeat, and to be cut off at any moment. */
  prepare(signal: AbortSignal): Promise<void>;
  processSpec(): ProcessSpec;
  /** One look, answered within a few seconds. */
  isReady(): Promise<boolean>;
}

/** A part that runs without anybody watching over it: what a test starts, stops and kills at will. */
export interface StartedPart {
  readonly pid: number;
  readonly address: string;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Prepares and starts one part on its own, and waits until it is ready. */
export async function startPart(part: Part): Promise<StartedPart> {
  const never = new AbortController().signal;
  await part.prepare(never);
  const log = openLogFile(part.logFile);
  const running = await startProcess(part.processSpec(), log);
  await waitUntilReady(part, running, log);
  return {
    pid: running.pid,
    address: part.address,
    ended: running.ended,
    stop: async () => {
      await stopProcess(running, part.stopSignal);
      await log.close();
    },
    kill: async () => {
      running.killGroup();
      await running.ended;
      await log.close();
    },
  };
}

async function waitUntilReady(part: Part, running: RunningProcess, log: LogFile): Promise<void> {
  const deadlineMs = Date.now() + START_PATIENCE_MS;
  let ending: string | undefined;
  void running.ended.then((how) => (ending = how));
  while (!(await part.isReady())) {
    if (ending !== undefined || Date.now() > deadlineMs) {
      running.killGroup();
      await log.close();
      throw await notReadyError(part, ending ?? `not ready within ${START_PATIENCE_MS / 1_000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

export async function notReadyError(part: Part, why: string): Promise<StackError> {
  const said = await lastStatementOf(part.logFile);
  const says = said === undefined ? '' : ` It says: ${said}`;
  return new StackError(
    'PART_NOT_READY',
    `${part.title} did not start (${why}); see ${part.logFile}.${says}`,
  );
}
