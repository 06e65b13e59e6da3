import { setTimeout as sleep } from 'node:timers/promises';
import { nextDelayMs } from './back-off.js';
import { type LogFile, openLogFile } from './log-file.js';
import { notReadyError, type Part } from './part.js';
import { type RunningProcess, startProcess, stopProcess } from './running-process.js';

const LOOK_AGAIN_MS = 100;
const FIRST_READY_WITHIN_MS = 90_000;
const DEATHS_BEFORE_FIRST_READY = 3;

export interface SupervisorEvents {
  /** A process began or ended. Called before anything else happens, so that a crash of ours finds it recorded. */
  changed(): void;
  /** It ended although nobody asked it to, and starts again after the delay. */
  died(part: Part, how: string, delayMs: number): void;
  /** It is ready after having died. */
  recovered(part: Part, tookMs: number): void;
  /** It could not even be started again; tried again after the delay like a death. */
  failed(part: Part, error: unknown): void;
}

export interface PartRecord {
  readonly name: string;
  readonly pid: number;
  readonly processStartTime: number;
  readonly startedAt: string;
  readonly restarts: number;
  readonly address: string;
  readonly logFile: string;
  /** How /proc shows it: the third proof, beside pid and start time, that a process is the one meant here. */
  readonly command: readonly string[];
}

/** Keeps one part running: whenever its process dies it is started again, until somebody stops the part. */
export class Supervisor {
  readonly part: Part;
  readonly #events: SupervisorEvents;
  readonly #log: LogFile;
  readonly #stopped = new AbortController();
  #running: RunningProcess | undefined;
  #watching: Promise<void> | undefined;
  #starts = 0;
  #lastDeath: string | undefined;
  #wasReady = false;

  constructor(part: Part, events: SupervisorEvents) {
    this.part = part;
    this.#events = events;
    this.#log = openLogFile(part.logFile);
  }

  /** Resolves once the part is ready for the first time; rejects if it will not come up. */
  async start(signal: AbortSignal): Promise<void> {
    await this.part.prepare(signal);
    signal.throwIfAborted();
    this.#watching = this.#keepRunning();
    const deadlineMs = Date.now() + FIRST_READY_WITHIN_MS;
    while (this.#running === undefined || !(await this.part.isReady())) {
      signal.throwIfAborted();
      if (this.#starts >= DEATHS_BEFORE_FIRST_READY && this.#running === undefined) {
        throw await notReadyError(this.part, `${this.#lastDeath ?? 'it died'}, ${this.#starts} times`);
      }
      if (Date.now() > deadlineMs) {
        throw await notReadyError(this.part, `not ready within ${FIRST_READY_WITHIN_MS / 1_000} s`);
      }
      await sleep(LOOK_AGAIN_MS, undefined, { signal });
    }
    this.#wasReady = true;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#running !== undefined) await stopProcess(this.#running, this.part.stopSignal);
    await this.#watching;
    await this.#log.close();
  }

  /** Ends it without waiting for anything; a stop() under way then returns at once. */
  killNow(): void {
    this.#stopped.abort();
    this.#running?.killGroup();
  }

  record(): PartRecord | undefined {
    if (this.#running === undefined) return undefined;
    const { pid, processStartTime, startedAtMs } = this.#running;
    const { command, args } = this.part.processSpec();
    return {
      name: this.part.name,
      pid,
      processStartTime,
      startedAt: new Date(startedAtMs).toISOString(),
      restarts: this.#starts - 1,
      address: this.part.address,
      logFile: this.part.logFile,
      command: [command, ...args],
    };
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #keepRunning(): Promise<void> {
    let delayMs: number | undefined;
    while (!this.#isStopped()) {
      const startedAtMs = Date.now();
      const how = await this.#runOnce();
      if (this.#isStopped()) return;
      delayMs = nextDelayMs(delayMs, Date.now() - startedAtMs);
      this.#lastDeath = how;
      this.#events.died(this.part, how, delayMs);
      // Cut short by stop(); the loop's condition then ends it.
      await sleep(delayMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  async #runOnce(): Promise<string> {
    this.#starts += 1;
    try {
      const running = await startProcess(this.part.processSpec(), this.#log);
      this.#running = running;
      this.#events.changed();
      // stop() may have come while the process was being made.
      if (this.#isStopped()) running.killGroup();
      if (this.#wasReady) void this.#reportRecovery(running);
      return await running.ended;
    } catch (error) {
      this.#events.failed(this.part, error);
      return 'it could not be started';
    } finally {
      this.#running = undefined;
      this.#events.changed();
    }
  }

  async #reportRecovery(running: RunningProcess): Promise<void> {
    while (this.#running === running && !this.#isStopped()) {
      if (await this.part.isReady()) {
        this.#events.recovered(this.part, Date.now() - running.startedAtMs);
        return;
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }
}
