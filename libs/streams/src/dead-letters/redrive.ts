import { randomBytes } from 'node:crypto';
import { chunked } from '../chunks.js';
import { nextOffset, type Offset } from '../offset.js';
import { bytesOf, type OutputRecord, type TopicPartition } from '../records.js';
import { asStreamsError, StreamsError } from '../streams-error.js';
import type { TransactionalWriter } from '../task/task-log.js';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterLog, DeadLetterTopics } from './dead-letter-log.js';
import { letterOf } from './read-dead-letters.js';
import { refusalOf, type RedriveRefusal } from './redrive-refusal.js';
import { toRedriveRecord } from './redrive-record.js';
import { redriveHeaders, redrivenFrom } from './redriven-from.js';
import { readRedrivenLetters, type RedrivenLetters } from './redriven-letters.js';

/** What became of a letter that was asked for. */
export type RedriveOutcome =
  /** This run sent it again. */
  | 'redriven'
  /** An earlier run did. */
  | 'already-redriven'
  | RedriveRefusal;

/** Which letters to send again, and how. */
export interface RedriveRequest {
  readonly topics: DeadLetterTopics;
  readonly partition: number;
  /** Whether a letter is one of those; `cameBack` says that a redrive sent its record before. */
  wants(letter: DeadLetter, cameBack: boolean): boolean;
  /** Called once for each of them, as soon as its fate is certain. */
  onOutcome(letter: DeadLetter, outcome: RedriveOutcome): void;
  /** Sends nothing more after the transaction under way; default: never. */
  readonly signal?: AbortSignal;
  /** How many letters a transaction sends; default: 100. */
  readonly lettersPerTransaction?: number;
  /** Wait before another attempt, in milliseconds; default: 500. */
  readonly retryMs?: number;
}

const LETTERS_PER_TRANSACTION = 100;
/** A transaction must be over well before the broker's patience is. */
const BYTES_PER_TRANSACTION = 4_000_000;
const RETRY_MS = 500;
/** Attempts in a row that redrove nothing. */
const MAX_ATTEMPTS = 5;

/**
 * Sends letters of one partition to the source again, each exactly once over all runs, however often and wherever one
 * ends. For every attempt:
 *
 * 1. fence the partition's redrives: the open transaction of an older one is aborted, and it can do nothing more;
 * 2. write a barrier to the redrives topic, and read that topic up to it: that is what older ones have committed;
 * 3. per chunk of letters, in one transaction: the original records to the source, a marker for each to the redrives topic.
 *
 * After any failure the writer is worthless and its last commit may have happened: the next attempt finds out. Letters
 * that come back meanwhile have later offsets than the end seen at the start, and stay where they are.
 *
 * @throws StreamsError FENCED when a newer redrive of this partition took over
 */
export const redriveLetters = async (log: DeadLetterLog, request: RedriveRequest): Promise<void> => {
  const run = new RedriveRun(log, request);
  for (let failures = 0; ;) {
    const settledBefore = run.settled;
    try {
      await run.attempt();
      return;
    } catch (cause) {
      failures = run.settled > settledBefore ? 1 : failures + 1;
      const error = asStreamsError(cause, `Redrive ${run.name}`);
      if (error.code === 'FENCED') throw takenOver(run.name, error);
      if (error.code !== 'TRANSIENT' || failures === MAX_ATTEMPTS) throw error;
    }
    await new Promise((later) => setTimeout(later, request.retryMs ?? RETRY_MS));
  }
};

// Trying again would fence the other one: the two would do so for ever.
const takenOver = (name: string, cause: StreamsError): StreamsError =>
  new StreamsError('FENCED', `A newer redrive of ${name} took over, or this one stood still for too long`, {
    cause,
  });

/** One redrive of one partition, over all its attempts. */
class RedriveRun {
  /** What the markers of this run say. */
  readonly #id = randomBytes(8).toString('hex');
  readonly #log: DeadLetterLog;
  readonly #request: RedriveRequest;
  readonly #letters: TopicPartition;
  readonly #source: TopicPartition;
  readonly #redrives: TopicPartition;
  readonly #settled = new Set<Offset>();
  /** Where the letters ended when this run began. */
  #end: Offset | undefined;

  constructor(log: DeadLetterLog, request: RedriveRequest) {
    const { topics, partition } = request;
    if (topics.redrive === undefined)
      throw new StreamsError('FATAL', `${topics.deadLetters} cannot be redriven`);
    this.#log = log;
    this.#request = request;
    this.#letters = { topic: topics.deadLetters, partition };
    this.#source = { topic: topics.redrive.source, partition };
    this.#redrives = { topic: topics.redrive.redrives, partition };
  }

  get name(): string {
    return `${this.#letters.topic}/${this.#letters.partition}`;
  }

  /** How many letters have a certain fate. */
  get settled(): number {
    return this.#settled.size;
  }

  async attempt(): Promise<void> {
    const { topics, partition, lettersPerTransaction = LETTERS_PER_TRANSACTION } = this.#request;
    const limits = { maxItems: lettersPerTransaction, maxBytes: BYTES_PER_TRANSACTION };
    const { low, high } = await this.#log.offsetsOf(this.#letters);
    const end = (this.#end ??= high);
    const writer = await this.#log.fence(`${topics.applicationId}-redrive-${partition}`);
    try {
      const redriven = await this.#readUpToBarrier(await this.#writeBarrier(writer));
      await this.#log.read(this.#letters, { from: low, end }, async (records) => {
        const wanted = records.flatMap((record) => this.#wantedLetter(letterOf(record)));
        const due = wanted.filter((letter) => this.#settleWithoutSending(letter, redriven) === 'due');
        for (const chunk of chunked(due, limits, ({ original }) => bytesOf(original))) {
          if (this.#request.signal?.aborted === true) return;
          await this.#send(writer, chunk);
        }
      });
    } finally {
      await writer.discard();
    }
  }

  async #writeBarrier(writer: TransactionalWriter): Promise<Offset> {
    await writer.begin();
    const barrier = toRedriveRecord({ kind: 'barrier', run: this.#id });
    const { firstOffset } = await writer.send(this.#redrives, [barrier]);
    await writer.commit();
    return firstOffset;
  }

  async #readUpToBarrier(offset: Offset): Promise<RedrivenLetters> {
    const redriven = await readRedrivenLetters(this.#log, this.#redrives, nextOffset(offset));
    // Compaction keeps the last barrier only: without ours, a newer one is there.
    if (redriven.barrier?.offset !== offset || redriven.barrier.run !== this.#id)
      throw new StreamsError(
        'FENCED',
        `The barrier at ${this.#redrives.topic}/${this.#redrives.partition}/${offset} was replaced by another redrive's`,
      );
    return redriven;
  }

  #wantedLetter(letter: DeadLetter | undefined): readonly DeadLetter[] {
    if (letter === undefined) return [];
    const cameBack = redrivenFrom(letter.original, this.#letters) !== undefined;
    return this.#request.wants(letter, cameBack) ? [letter] : [];
  }

  #settleWithoutSending(letter: DeadLetter, redriven: RedrivenLetters): 'due' | 'settled' {
    const by = redriven.of(letter);
    // A commit of ours whose answer was lost did happen.
    const outcome =
      by === undefined
        ? refusalOf(letter, this.#source)
        : by.run === this.#id
          ? 'redriven'
          : 'already-redriven';
    if (outcome === undefined) return 'due';
    this.#settle(letter, outcome);
    return 'settled';
  }

  async #send(writer: TransactionalWriter, letters: readonly DeadLetter[]): Promise<void> {
    await writer.begin();
    await writer.send(
      this.#source,
      letters.map(({ original, offset, origin }): OutputRecord => ({
        ...original,
        headers: redriveHeaders({ ...this.#letters, offset }, origin, original.headers),
      })),
    );
    await writer.send(
      this.#redrives,
      letters.map(({ offset, origin }) =>
        toRedriveRecord({ kind: 'redriven', letter: offset, origin: origin.offset, run: this.#id }),
      ),
    );
    await writer.commit();
    for (const letter of letters) this.#settle(letter, 'redriven');
  }

  #settle(letter: DeadLetter, outcome: RedriveOutcome): void {
    if (this.#settled.has(letter.offset)) return;
    this.#settled.add(letter.offset);
    this.#request.onOutcome(letter, outcome);
  }
}
