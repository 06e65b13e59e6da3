import { type StackConfig } from './config.js';
import { startTimeOf } from './proc.js';
import { type Addresses, removeRunFile, type RunFile, type RunPhase, writeRunFile } from './run-file.js';
import { type PartRecord } from './supervisor.js';

/** Keeps run.json true: every change of what runs is in the file before anything else happens, as long as it can be written. */
export class RunRecord {
  readonly #fixed: Omit<RunFile, 'phase' | 'parts'>;
  readonly #parts: () => readonly PartRecord[];
  #phase: RunPhase = 'starting';

  constructor(config: StackConfig, addresses: Addresses, parts: () => readonly PartRecord[]) {
    this.#parts = parts;
    this.#fixed = {
      pid: process.pid,
      processStartTime: startTimeOf(process.pid) ?? 0,
      startedAt: new Date().toISOString(),
      stateDir: config.stateDir,
      ...addresses,
      topicPrefix: config.topicPrefix,
      topicPartitions: config.topicPartitions,
    };
  }

  enter(phase: RunPhase): void {
    this.#phase = phase;
    this.rewrite();
  }

  /** @throws when the file cannot be written, unless everything is being stopped: nothing may be in the way of that */
  rewrite(): void {
    try {
      writeRunFile({ ...this.#fixed, phase: this.#phase, parts: this.#parts() });
    } catch (error) {
      if (this.#phase !== 'stopping') throw error;
    }
  }

  remove(): void {
    removeRunFile(this.#fixed.stateDir);
  }
}
