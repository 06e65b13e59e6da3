import { type Logger } from 'pino';
import { type Console } from './console.js';
import { type Part } from './part.js';
import { type PartRecord, Supervisor, type SupervisorEvents } from './supervisor.js';
import { together } from './together.js';

/** All parts of a stack, in the order they depend on each other. */
export class PartGroup {
  readonly #supervisors: Supervisor[] = [];
  readonly #console: Console;
  readonly #log: Logger;
  readonly #changed: () => void;

  constructor(console: Console, log: Logger, changed: () => void) {
    this.#console = console;
    this.#log = log;
    this.#changed = changed;
  }

  /** Starts parts that do not need each other, beside other work that they do not need either. */
  async start(
    parts: readonly Part[],
    signal: AbortSignal,
    otherWork: readonly ((signal: AbortSignal) => Promise<void>)[] = [],
  ): Promise<void> {
    const supervisors = parts.map((part) => new Supervisor(part, this.#events()));
    this.#supervisors.push(...supervisors);
    const starts = supervisors.map((supervisor) => async (either: AbortSignal) => {
      const beganMs = Date.now();
      await supervisor.start(either);
      const { title, address } = supervisor.part;
      this.#console.ready(title, Date.now() - beganMs, address);
      this.#log.info({ part: supervisor.part.name, address, tookMs: Date.now() - beganMs }, 'ready');
    });
    await together(signal, [...starts, ...otherWork]);
  }

  /** The opposite of the order they were started in; each part ends before the one it needs is asked to. */
  async stop(): Promise<void> {
    for (const supervisor of this.#supervisors.toReversed()) {
      const wasRunning = supervisor.record() !== undefined;
      const beganMs = Date.now();
      await supervisor.stop();
      if (!wasRunning) continue;
      this.#console.stopped(supervisor.part.title, Date.now() - beganMs);
      this.#log.info({ part: supervisor.part.name, tookMs: Date.now() - beganMs }, 'stopped');
    }
  }

  killNow(): void {
    for (const supervisor of this.#supervisors) supervisor.killNow();
  }

  records(): readonly PartRecord[] {
    return this.#supervisors.flatMap((supervisor) => supervisor.record() ?? []);
  }

  #events(): SupervisorEvents {
    return {
      changed: this.#changed,
      died: ({ name, title, logFile }, how, delayMs) => {
        this.#console.warn(`${title} died (${how}); it starts again in ${delayMs / 1_000} s. See ${logFile}`);
        this.#log.warn({ part: name, how, delayMs }, 'died; starting it again');
      },
      recovered: ({ name, title, address }, tookMs) => {
        this.#console.ready(`${title} again`, tookMs, address);
        this.#log.info({ part: name, tookMs }, 'ready again');
      },
      failed: ({ name }, error) => {
        this.#log.error({ part: name, err: error }, 'could not be started');
      },
    };
  }
}
