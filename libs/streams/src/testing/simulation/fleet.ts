import type { StreamsError } from '../../streams-error.js';
import { startInMemoryProcess, type InMemoryProcess } from '../client/in-memory-process.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { NetworkFaults } from './network-faults.js';
import { simulatedService } from './simulated-service.js';
import type { Trace } from './trace.js';

export interface FleetInit {
  readonly cluster: InMemoryCluster;
  readonly time: VirtualTime;
  readonly faults: NetworkFaults;
  readonly trace: Trace;
  readonly partitions: number;
  readonly size: number;
  /** A task was quarantined, or a process ended itself. */
  readonly onGivenUp: (what: string, error: { readonly code: string; readonly message: string }) => void;
}

const RESTART_MS = 1_000;
const SMALL_LIMITS = Object.freeze({ maxRecords: 6, maxKeys: 5, maxBytes: 400, maxHandlingMs: 500 });

/** The processes of the service, with a supervisor that starts another one wherever one ended. */
export class Fleet {
  readonly #init: FleetInit;
  readonly #places: (InMemoryProcess | undefined)[];
  #started = 0;
  #isOver = false;

  constructor(init: FleetInit) {
    this.#init = init;
    this.#places = Array.from({ length: init.size }, () => undefined);
    for (const place of this.#places.keys()) this.#start(place);
  }

  get places(): readonly (InMemoryProcess | undefined)[] {
    return this.#places;
  }

  get isHealthy(): boolean {
    return this.#places.every((process) => process?.isHealthy() === true);
  }

  /** What does not run, in words. */
  unhealthy(): readonly string[] {
    return this.#places.flatMap((process, place) => {
      if (process === undefined) return [`no process at place ${place}`];
      const idle = process.tasks().filter(({ state }) => state !== 'running');
      if (idle.length === 0 && !process.isHealthy())
        return [`the process at place ${place} is no member of its group`];
      return idle.map(({ taskId, state }) => `${taskId} at place ${place} is ${state}`);
    });
  }

  kill(place: number, restartMs: number): void {
    this.#places[place]?.kill();
    this.#restart(place, restartMs);
  }

  freeze(place: number, forMs: number): void {
    const process = this.#places[place];
    process?.freeze();
    this.#init.time.schedule(forMs, () => process?.thaw());
  }

  /** Asks it to end; it is followed by another once it did. */
  stop(place: number): void {
    const process = this.#places[place];
    if (process === undefined) return;
    this.#places[place] = undefined;
    void process.stop().then(() => {
      this.#start(place);
    });
    // It may be killed, or lose the cluster, while it stops: supervisors do not wait for ever.
    this.#init.time.schedule(STOP_LIMIT_MS, () => {
      if (process.isDead) return;
      process.kill();
      this.#start(place);
    });
  }

  /** Resolves when all of them have ended. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#places.flatMap((process) => (process === undefined ? [] : [process.stop()])));
  }

  /** For good. */
  killAll(): void {
    this.#isOver = true;
    for (const process of this.#places) process?.kill();
  }

  #restart(place: number, restartMs: number): void {
    this.#places[place] = undefined;
    this.#init.time.schedule(restartMs, () => {
      this.#start(place);
    });
  }

  #start(place: number): void {
    if (this.#isOver || this.#places[place] !== undefined) return;
    const { cluster, time, faults, trace, partitions, onGivenUp } = this.#init;
    const name = `p${place}.${this.#started++}`;
    const say = (fields: object, message: string): void => {
      trace.note(name, message, fieldsOf(fields));
    };
    trace.note(name, 'started');
    const process = startInMemoryProcess({
      cluster,
      time,
      definition: simulatedService,
      partitions,
      brokers: 2,
      plan: faults,
      habits: faults,
      limits: SMALL_LIMITS,
      logger: { debug: say, info: say, warn: say, error: say },
      observer: (taskId, event) => {
        trace.note(name, event.kind, taskId);
        if (event.kind === 'quarantined')
          onGivenUp(`${taskId} in ${name} was quarantined`, { code: event.code, message: '' });
      },
      onRequest: (kind, detail, fault) => {
        trace.note(name, kind, fault === 'none' ? detail : `${detail} (${fault})`);
      },
      onExit: (error: StreamsError) => {
        trace.note(name, 'ended itself', error.message);
        onGivenUp(`${name} ended itself`, error);
        this.#restart(place, RESTART_MS);
      },
    });
    this.#places[place] = process;
  }
}

const STOP_LIMIT_MS = 20_000;

/** Fields that are the same in every run of a seed. */
const fieldsOf = (fields: object): string =>
  Object.entries(fields)
    .map(
      ([name, value]: [string, unknown]) =>
        `${name}=${value instanceof Error ? value.message : String(value)}`,
    )
    .join(' ');
