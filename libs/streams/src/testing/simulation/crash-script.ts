import { PLAIN_HABITS } from '../client/in-memory-client.js';
import { startInMemoryProcess, type InMemoryProcess } from '../client/in-memory-process.js';
import { PERFECT_NETWORK, type RequestFault, type RequestKind } from '../client/network.js';
import { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import { VirtualTime } from '../time/virtual-time.js';
import { differences } from './comparison.js';
import { foldChangelog } from './oracle.js';
import { simulatedService, TOPICS } from './simulated-service.js';

/** The two processes of the script. */
export type Place = 'first' | 'second';

/** The one thing that goes wrong in a run of the script. */
export type Interruption =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'kill';
      readonly place: Place;
      /** After so many events. */
      readonly afterEvents: number;
      /** Whether what it had sent arrives all the same. */
      readonly outlives: boolean;
    }
  | {
      readonly kind: 'fault';
      /** The so manieth request of all. */
      readonly request: number;
      readonly fault: Exclude<RequestFault, 'none'>;
    };

/** How a run ended. */
export interface ScriptOutcome {
  /** What is wrong, in words. */
  readonly wrong: readonly string[];
  readonly events: number;
  readonly requests: readonly RequestKind[];
  /** States of the victim's tasks when it was killed; `stopping` when it had been asked to end. */
  readonly statesAtKill: ReadonlySet<string>;
  /** How much of a changelog was read by each restore. */
  readonly extents: ReadonlySet<string>;
}

const PARTITIONS = 2;
const RESTART_MS = 200;
const LIMIT_MS = 120_000;
const SECOND_STARTS_MS = 1_200;
const MORE_INPUTS_MS = 2_600;
/** From here on the first request to produce gets no answer: its task restores the tail of its changelog. */
const ANSWER_LOST_MS = 2_600;
const FIRST_STOPS_MS = 3_600;
const LAST_INPUTS_MS = 3_800;
const LATE_MS = 3_000;

/** Two processes: one starts alone, the other joins, a failure, one stops; inputs before, between and after. */
export const runScript = async (interruption: Interruption): Promise<ScriptOutcome> => {
  const script = new Script(interruption);
  return script.run();
};

class Script {
  readonly #interruption: Interruption;
  readonly #time = new VirtualTime();
  readonly #cluster: InMemoryCluster;
  readonly #processes = new Map<Place, InMemoryProcess>();
  readonly #requests: RequestKind[] = [];
  readonly #extents = new Set<string>();
  readonly #statesAtKill = new Set<string>();
  readonly #givenUp: string[] = [];
  #isAnswerLost = false;
  #isFirstStopping = false;

  constructor(interruption: Interruption) {
    this.#interruption = interruption;
    this.#cluster = new InMemoryCluster({
      nowMs: () => this.#time.nowMs(),
      schedule: (delayMs, callback) => void this.#time.schedule(delayMs, callback),
      markerDelayMs: () => 1,
    });
  }

  async run(): Promise<ScriptOutcome> {
    this.#append('add a 1', 'add b 95', '!poison', 'add a 2');
    this.#start('first');
    this.#time.schedule(SECOND_STARTS_MS, () => {
      this.#start('second');
    });
    this.#time.schedule(MORE_INPUTS_MS, () => {
      this.#append('del a', 'add c 91', 'add b 1');
    });
    this.#time.schedule(FIRST_STOPS_MS, () => {
      this.#isFirstStopping = true;
      void this.#processes.get('first')?.stop();
    });
    this.#time.schedule(LAST_INPUTS_MS, () => {
      this.#append('add a 5', 'del b');
    });
    await this.#interrupt();
    await this.#time.run({ untilMs: LIMIT_MS, isDone: () => this.#isDone() });
    return this.#outcome();
  }

  async #interrupt(): Promise<void> {
    const interruption = this.#interruption;
    if (interruption.kind !== 'kill') return;
    const { place, afterEvents } = interruption;
    await this.#time.run({ untilMs: LIMIT_MS, isDone: () => this.#time.events >= afterEvents });
    const victim = this.#processes.get(place);
    if (victim === undefined || victim.isDead) return;
    const isStopping = place === 'first' && this.#isFirstStopping;
    for (const { state } of victim.tasks()) this.#statesAtKill.add(state);
    if (isStopping) this.#statesAtKill.add('stopping');
    victim.kill();
    if (!isStopping)
      this.#time.schedule(RESTART_MS, () => {
        this.#start(place);
      });
  }

  #start(place: Place): void {
    if (place === 'first' && this.#isFirstStopping) return;
    const interruption = this.#interruption;
    this.#processes.set(
      place,
      startInMemoryProcess({
        cluster: this.#cluster,
        time: this.#time,
        definition: simulatedService,
        partitions: PARTITIONS,
        plan: {
          ...PERFECT_NETWORK,
          lateMs: () => LATE_MS,
          giveUpMs: () => 5,
          faultOf: (kind) => this.#faultOf(kind),
          outlivesSender: () => interruption.kind !== 'kill' || interruption.outlives,
        },
        habits: {
          ...PLAIN_HABITS,
          retriesSend: () => false,
          recordsPerSend: () => 2,
          recordsPerFetch: () => 3,
        },
        limits: { maxRecords: 3, maxKeys: 3, maxBytes: 1_000, maxHandlingMs: 500 },
        observer: (taskId, event) => {
          if (event.kind === 'restored') this.#extents.add(event.extent);
          if (event.kind === 'quarantined') this.#givenUp.push(`${taskId} was quarantined: ${event.code}`);
        },
        onExit: (error) => {
          this.#givenUp.push(`the ${place} process ended itself: ${error.code} ${error.message}`);
        },
      }),
    );
  }

  #faultOf(kind: RequestKind): RequestFault {
    const request = this.#requests.push(kind) - 1;
    const interruption = this.#interruption;
    if (interruption.kind === 'fault' && interruption.request === request) return interruption.fault;
    if (kind !== 'Produce' || this.#isAnswerLost || this.#time.nowMs() < ANSWER_LOST_MS) return 'none';
    this.#isAnswerLost = true;
    return 'response lost';
  }

  #append(...texts: readonly string[]): void {
    for (let partition = 0; partition < PARTITIONS; partition++)
      this.#cluster.append(
        { topic: TOPICS.source, partition },
        texts.map((text) => ({ key: Buffer.from('key'), value: Buffer.from(text) })),
      );
  }

  #isDone(): boolean {
    if (this.#time.nowMs() < LAST_INPUTS_MS || !this.#cluster.isDecided) return false;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { entries, position } = foldChangelog(
        this.#cluster.committed({ topic: TOPICS.changelog, partition }),
      );
      if ((position?.sourceNext ?? 0) < this.#cluster.partition({ topic: TOPICS.source, partition }).end)
        return false;
      if ([...entries.keys()].some((key) => key.startsWith('todo/'))) return false;
    }
    return true;
  }

  #outcome(): ScriptOutcome {
    const late = this.#isDone() ? [] : [`not everything is handled after ${LIMIT_MS} ms`];
    const wrong = Array.from({ length: PARTITIONS }, (_, partition) =>
      differences(
        this.#cluster,
        partition,
        this.#cluster.committed({ topic: TOPICS.source, partition }),
        'all',
      ),
    );
    return {
      wrong: [...late, ...wrong.flat(), ...this.#givenUp],
      events: this.#time.events,
      requests: this.#requests,
      statesAtKill: this.#statesAtKill,
      extents: this.#extents,
    };
  }
}
