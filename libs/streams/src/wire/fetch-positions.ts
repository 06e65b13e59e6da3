import type { Offset } from '../offset.js';
import { topicPartitionKey, type TopicPartition } from '../records.js';

/** How a partition is read. */
interface Reading {
  readonly target: TopicPartition;
  isAssigned: boolean;
  isPaused: boolean;
  /** What to ask for next; undefined until somebody says where to begin. */
  next: Offset | undefined;
  /** Grows whenever somebody says where to go on: what was asked for before that is void. */
  version: number;
  /** What is under way, or waits to be tried again. */
  asked: Ask | undefined;
  /** Whether its last records are still being handled. */
  isGiven: boolean;
}

/** What is asked for a partition, for as long as nobody says where else to go on. */
export interface Ask {
  readonly target: TopicPartition;
  readonly offset: Offset;
  readonly version: number;
}

/**
 * The partitions that are read, and where. Each is asked for once at a time, and not while its last records are being
 * handled. The first to be asked for is the one that was given records longest ago.
 */
export class FetchPositions {
  readonly #readings = new Map<string, Reading>();

  /** From now on it is these. All are paused, and nobody has said yet where to begin. */
  assign(targets: readonly TopicPartition[]): void {
    for (const reading of this.#readings.values()) forget(reading);
    for (const target of targets) this.add(target);
  }

  /** This one, too. */
  add(target: TopicPartition): void {
    const key = topicPartitionKey(target);
    const reading = this.#readings.get(key);
    if (reading === undefined) this.#readings.set(key, newReading(target));
    else reading.isAssigned = true;
  }

  /** Nothing happens to partitions that are not assigned: whoever lost one may not know yet. */
  seekAndResume(target: TopicPartition, offset: Offset): void {
    const reading = this.#assigned(target);
    if (reading === undefined) return;
    reading.next = offset;
    reading.version += 1;
    reading.asked = undefined;
    reading.isPaused = false;
  }

  pause(target: TopicPartition): void {
    const reading = this.#assigned(target);
    if (reading !== undefined) reading.isPaused = true;
  }

  resume(target: TopicPartition): void {
    const reading = this.#assigned(target);
    if (reading !== undefined) reading.isPaused = false;
  }

  /** What should be asked for now. */
  wanted(): readonly Ask[] {
    const asks: Ask[] = [];
    for (const { target, isPaused, next, version, asked, isGiven } of this.#readings.values())
      if (!isPaused && next !== undefined && asked === undefined && !isGiven)
        asks.push({ target, offset: next, version });
    return asks;
  }

  /** A request for it is on its way. */
  ask(ask: Ask): void {
    this.#known(ask.target).asked = ask;
  }

  /**
   * The request is over. False when its answer is void: somebody has paused the partition, or said where else to go on, or
   * it was over already.
   */
  answered(ask: Ask): boolean {
    const reading = this.#known(ask.target);
    if (reading.asked !== ask) return false;
    reading.asked = undefined;
    return !reading.isPaused;
  }

  /** Records of it are being handled, until {@link handled}. */
  give({ target }: Ask): void {
    const reading = this.#known(target);
    reading.isGiven = true;
    // Now the others come first.
    const key = topicPartitionKey(target);
    this.#readings.delete(key);
    this.#readings.set(key, reading);
  }

  handled({ target }: Ask): void {
    this.#known(target).isGiven = false;
  }

  /** What was asked for is dealt with, unless somebody has said where else to go on. */
  advance(ask: Ask, next: Offset): void {
    const reading = this.#known(ask.target);
    if (reading.version === ask.version) reading.next = next;
  }

  #assigned(target: TopicPartition): Reading | undefined {
    const reading = this.#readings.get(topicPartitionKey(target));
    return reading?.isAssigned === true ? reading : undefined;
  }

  #known(target: TopicPartition): Reading {
    const reading = this.#readings.get(topicPartitionKey(target));
    if (reading === undefined) throw new Error(`${topicPartitionKey(target)} was never assigned`);
    return reading;
  }
}

const newReading = (target: TopicPartition): Reading => ({
  target,
  isAssigned: true,
  isPaused: true,
  next: undefined,
  version: 0,
  asked: undefined,
  isGiven: false,
});

const forget = (reading: Reading): void => {
  reading.isAssigned = false;
  reading.isPaused = true;
  reading.next = undefined;
  reading.version += 1;
  reading.asked = undefined;
};
