import {
  parseDeadLetter,
  StreamsError,
  topicPartitionKey,
  type DeadLetter,
  type StreamRecord,
  type TopicPartition,
} from '@reviews/streams';
import type { Differences } from '../difference.js';
import type { PartitionLog } from '../partition-log.js';

/** The dead letters of a partition, by the offsets in `reviews` of the commands they were. */
export class Letters {
  readonly #log: PartitionLog;
  readonly #differences: Differences;
  /** By command: the letter's own offset. */
  readonly #byCommand = new Map<number, number>();
  #first: number | undefined;

  private constructor(log: PartitionLog, differences: Differences) {
    this.#log = log;
    this.#differences = differences;
  }

  /** @param source the partition the letters come from */
  static async read(log: PartitionLog, source: TopicPartition, differences: Differences): Promise<Letters> {
    const letters = new Letters(log, differences);
    for await (const batch of log.records())
      for (const record of batch) letters.#add(record, topicPartitionKey(source));
    return letters;
  }

  /** The place of the letter that this command became, which is then accounted for. */
  take(command: number): string | undefined {
    const letter = this.#byCommand.get(command);
    if (letter === undefined) return undefined;
    this.#byCommand.delete(command);
    return this.#log.place.at(letter);
  }

  /** Whether a letter of this command may have been deleted because of its age. */
  mayHaveExpired(command: number): boolean {
    return this.#log.offsets.low > 0 && (this.#first === undefined || command < this.#first);
  }

  /**
   * Reports the letters nobody took.
   *
   * @param end the first command nobody looked at
   */
  finish(end: number): void {
    for (const [command, letter] of this.#byCommand)
      if (command < end)
        this.#differences.add(
          'no-command',
          this.#log.place.at(letter),
          `its origin ${command} is no command`,
        );
  }

  #add(record: StreamRecord, source: string): void {
    const where = this.#log.place.at(record.offset);
    const letter = letterOf(record);
    if (letter === undefined || topicPartitionKey(letter.origin) !== source) {
      this.#differences.add('unreadable', where, `no dead letter of ${source}`);
      return;
    }
    const { offset } = letter.origin;
    this.#first ??= offset;
    const earlier = this.#byCommand.get(offset);
    if (earlier === undefined) this.#byCommand.set(offset, record.offset);
    else
      this.#differences.add(
        'two-outcomes',
        where,
        `the command ${source}/${offset} is the dead letter ${this.#log.place.at(earlier)} already`,
      );
  }
}

const letterOf = (record: StreamRecord): DeadLetter | undefined => {
  try {
    return parseDeadLetter(record);
  } catch (error) {
    if (error instanceof StreamsError && error.code === 'POISON_RECORD') return undefined;
    throw error;
  }
};
