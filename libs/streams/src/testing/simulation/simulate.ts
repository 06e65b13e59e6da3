import type { StreamRecord } from '../../records.js';
import { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import { randomOf, type Random } from '../time/random.js';
import { VirtualTime } from '../time/virtual-time.js';
import { differences } from './comparison.js';
import { damage, plannedDamage, type DamageKind } from './damage.js';
import { FaultCounts } from './fault-counts.js';
import { Fleet } from './fleet.js';
import { startNemesis } from './nemesis.js';
import { networkFaults, probabilitiesOf } from './network-faults.js';
import { foldChangelog } from './oracle.js';
import { TOPICS } from './simulated-service.js';
import { Trace } from './trace.js';
import { startWorkload } from './workload.js';

export interface SimulationOptions {
  /** Partitions of every topic; default 8. */
  readonly partitions?: number;
  /** Processes of the service; default 3. */
  readonly processes?: number;
  /** How long there are faults, in virtual milliseconds; default 12,000. */
  readonly chaosMs?: number;
  /** Takes each line of a readable trace. */
  readonly print?: (line: string) => void;
}

/** How a run ended. */
export interface Verdict {
  readonly seed: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly wrong: readonly string[];
  /** What should have happened by the end and has not, in words. */
  readonly late: readonly string[];
  /** Of everything that happened: the same seed has the same. */
  readonly hash: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly events: number;
  readonly virtualMs: number;
}

/** After this quiet time everything must be handled, in virtual milliseconds. Longer than any time limit a task has. */
const QUIET_LIMIT_MS = 90_000;
/** Longer than any transaction stays open, in virtual milliseconds. */
const DECIDED_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 250;
/** Processes end within this, in virtual milliseconds. */
const STOP_LIMIT_MS = 20_000;

/**
 * Runs a service on a cluster in memory, with faults drawn from the seed; then lets it finish in peace, and compares
 * outputs, dead letters and state with an oracle.
 */
export const simulate = async (seed: number, options: SimulationOptions = {}): Promise<Verdict> => {
  const run = new Simulation(seed, options);
  const { wrong, late } = await run.execute();
  const naming = (what: string): string =>
    `seed ${seed}: ${what} (replay: test/simulation/run.mjs --seed ${seed} --trace)`;
  return {
    seed,
    wrong: wrong.map(naming),
    late: late.map(naming),
    hash: run.trace.hash,
    faults: run.counts.toJSON(),
    events: run.time.events,
    virtualMs: run.time.nowMs(),
  };
};

type Judgement = Pick<Verdict, 'wrong' | 'late'>;

interface GivenUp {
  readonly what: string;
  readonly code: string;
  readonly message: string;
}

class Simulation {
  readonly time = new VirtualTime();
  readonly counts = new FaultCounts();
  readonly trace: Trace;
  readonly #random: Random;
  readonly #partitions: number;
  readonly #chaosMs: number;
  readonly #cluster: InMemoryCluster;
  readonly #fleet: Fleet;
  readonly #faults: ReturnType<typeof networkFaults>;
  readonly #givenUp: GivenUp[] = [];
  /** What was in the sources before they were damaged. */
  readonly #savedInputs = new Map<number, readonly StreamRecord[]>();
  /** Ends of the logs of partitions that were seen to be there. */
  readonly #finished = new Map<number, number>();
  #damage: DamageKind | undefined;
  #stopWorkload = (): void => undefined;

  constructor(seed: number, { partitions = 8, processes = 3, chaosMs = 12_000, print }: SimulationOptions) {
    this.#random = randomOf(seed);
    this.#partitions = partitions;
    this.#chaosMs = chaosMs;
    this.trace = new Trace(() => this.time.nowMs(), print);
    this.#faults = networkFaults(this.#random.fork(), probabilitiesOf(this.#random), this.counts);
    this.#cluster = new InMemoryCluster({
      nowMs: () => EPOCH_MS + this.time.nowMs(),
      schedule: (delayMs, callback) => void this.time.schedule(delayMs, callback),
      markerDelayMs: () => this.#faults.markerDelayMs(),
      isOffsetFetchStale: () => this.#faults.isOffsetFetchStale(),
      isOffsetDenied: () => this.#faults.isOffsetDenied(),
    });
    this.#fleet = new Fleet({
      cluster: this.#cluster,
      time: this.time,
      faults: this.#faults,
      trace: this.trace,
      partitions,
      size: processes,
      onGivenUp: (what, { code, message }) => this.#givenUp.push({ what, code, message }),
    });
  }

  async execute(): Promise<Judgement> {
    await this.#chaos();
    const planned = plannedDamage(this.#random);
    if (planned !== undefined) this.#inflict(planned);
    await this.time.run({ untilMs: this.#chaosMs + QUIET_LIMIT_MS, isDone: () => this.#isDone });
    this.counts.add('duplicate acknowledged', this.#cluster.duplicates);
    if (this.#damage !== undefined) return this.#judgeDamaged();
    if (this.#isDone) return { late: await this.#stopCleanly(), wrong: this.#wrong('all') };
    const missing = [...this.#fleet.unhealthy(), ...this.#missing()].join('; ');
    return {
      late: [`not everything is handled after ${QUIET_LIMIT_MS} quiet ms: ${missing}`],
      wrong: this.#wrong('a prefix'),
    };
  }

  async #chaos(): Promise<void> {
    const surroundings = {
      cluster: this.#cluster,
      time: this.time,
      counts: this.counts,
      partitions: this.#partitions,
      untilMs: this.#chaosMs,
    };
    this.#stopWorkload = startWorkload({ ...surroundings, random: this.#random.fork() });
    startNemesis({ ...surroundings, random: this.#random.fork(), trace: this.trace, fleet: this.#fleet });
    await this.time.run({ untilMs: this.#chaosMs });
    this.trace.note('nemesis', 'quiet');
    this.#faults.end();
    this.#look();
  }

  #inflict(kind: DamageKind): void {
    const partition = this.#random.below(this.#partitions);
    const inputs = this.#cluster.committed({ topic: TOPICS.source, partition });
    if (!damage(this.#cluster, kind, partition)) return;
    this.#savedInputs.set(partition, inputs);
    this.#stopWorkload();
    this.#damage = kind;
    this.counts.add(kind);
    this.trace.note('nemesis', kind, String(partition));
    // Whoever still has the state in memory does not notice, and need not.
    for (const place of this.#fleet.places.keys()) this.#fleet.kill(place, 10);
  }

  #isDone = false;

  #look(): void {
    this.#isDone =
      this.#damage === undefined
        ? this.#fleet.isHealthy && this.#cluster.isDecided && this.#missing().length === 0
        : this.#rightlyStopped.length > 0;
    if (!this.#isDone)
      this.time.schedule(LOOK_EVERY_MS, () => {
        this.#look();
      });
  }

  /** Partitions that are not there yet. */
  #missing(): readonly string[] {
    const partitions = Array.from({ length: this.#partitions }, (_, partition) => partition);
    return partitions.flatMap((partition) => this.#missingIn(partition) ?? []);
  }

  #missingIn(partition: number): string | undefined {
    const changelog = this.#cluster.partition({ topic: TOPICS.changelog, partition });
    const source = this.#cluster.partition({ topic: TOPICS.source, partition });
    if (this.#finished.get(partition) === changelog.end + source.end) return undefined;
    const { entries, position } = foldChangelog(changelog.committed());
    const next = position?.sourceNext ?? 0;
    // What comes after may be aborted records and markers only: nothing to handle.
    const end = source.committedEnd;
    const hasWork = [...entries.keys()].some((key) => key.startsWith('todo/'));
    if (next < end || hasWork)
      return `partition ${partition} is at ${next} of ${end}${hasWork ? ', with work to do' : ''}`;
    this.#finished.set(partition, changelog.end + source.end);
    return undefined;
  }

  #wrong(extent: 'all' | 'a prefix'): readonly string[] {
    const wrong = Array.from({ length: this.#partitions }, (_, partition) =>
      differences(this.#cluster, partition, this.#inputs(partition), extent),
    );
    return [
      ...wrong.flat(),
      ...this.#wronglyStopped.map(({ what, code, message }) => `${what}: ${code} ${message}`),
    ];
  }

  #inputs(partition: number): readonly StreamRecord[] {
    return this.#savedInputs.get(partition) ?? this.#cluster.committed({ topic: TOPICS.source, partition });
  }

  /** A process may give up what it cannot get done; whoever supervises it starts another. */
  get #wronglyStopped(): readonly GivenUp[] {
    return this.#givenUp.filter(
      ({ code }) => !GIVING_UP.has(code) && !(this.#damage !== undefined && SAYS_DAMAGE.has(code)),
    );
  }

  get #rightlyStopped(): readonly GivenUp[] {
    return this.#givenUp.filter(({ code }) => SAYS_DAMAGE.has(code));
  }

  async #judgeDamaged(): Promise<Judgement> {
    // What was on its way when a record was lost may have written its key anew.
    const isHealed = !this.#isDone && this.#missing().length === 0 && this.#wrong('all').length === 0;
    const unnoticed = this.#isDone || isHealed ? [] : [`${this.#damage ?? ''}, and nobody noticed`];
    this.#fleet.killAll();
    await this.time.run({ untilMs: this.time.nowMs() + DECIDED_LIMIT_MS });
    return { late: [], wrong: [...unnoticed, ...this.#wrong('a prefix')] };
  }

  async #stopCleanly(): Promise<readonly string[]> {
    const end = { isReached: false };
    void this.#fleet.stopAll().then(() => {
      end.isReached = true;
    });
    await this.time.run({ untilMs: this.time.nowMs() + STOP_LIMIT_MS, isDone: () => end.isReached });
    return end.isReached ? [] : [`the processes have not ended ${STOP_LIMIT_MS} ms after they were asked to`];
  }
}

/** The virtual brokers' clocks begin here. */
const EPOCH_MS = Date.UTC(2026, 0, 1);
const GIVING_UP = new Set(['FENCED', 'TRANSIENT']);
const SAYS_DAMAGE = new Set(['SOURCE_TRUNCATED', 'STATE_CORRUPTED']);
