import type { Change } from './accounting/change.js';
import { CommandAccounts } from './accounting/command-accounts.js';
import { Letters } from './accounting/letters.js';
import { commandCursor, isReadable, type ReadCommand } from './command-cursor.js';
import type { DifferenceKind, Differences } from './difference.js';
import { factCursor } from './fact-cursor.js';
import { FactRecount } from './fact-recount.js';
import type { PartitionInputs, PartitionSummary } from './partition-inputs.js';
import { factOf, holdOf, type Fact } from './read-change.js';
import type { RecordCursor } from './record-cursor.js';
import type { VerifyCodecs } from './verify-codecs.js';

/** What a partition is verified with. */
export interface VerifyPorts {
  readonly codecs: VerifyCodecs;
  readonly differences: Differences;
  /** Called now and then with the number of facts looked at since the last call. */
  readonly onFacts: (count: number) => void;
}

const FACTS_PER_CALL = 10_000;

/** Recounts and accounts for everything in one partition. */
export const verifyPartition = async (
  inputs: PartitionInputs,
  ports: VerifyPorts,
): Promise<PartitionSummary> => {
  const source = { topic: inputs.reviewsTopic, partition: inputs.partition };
  const letters = await Letters.read(inputs.logs.letters, source, ports.differences);
  const walk = new PartitionWalk(inputs, ports, letters);
  try {
    return await walk.toEnd();
  } finally {
    await walk.close();
  }
};

/** One walk through commands and facts, side by side, by the offsets of the commands. */
class PartitionWalk {
  readonly #inputs: PartitionInputs;
  readonly #ports: VerifyPorts;
  readonly #letters: Letters;
  readonly #commands: RecordCursor<ReadCommand>;
  readonly #facts: RecordCursor<Fact>;
  readonly #holds: RecordCursor<Change>;
  readonly #accounts: CommandAccounts;
  readonly #recount: FactRecount;
  /** Caused by the command at hand. */
  #changes: Change[] = [];
  #holdCount = 0;
  #undecided = 0;

  constructor(inputs: PartitionInputs, ports: VerifyPorts, letters: Letters) {
    const { logs, partition } = inputs;
    const { codecs, differences } = ports;
    this.#inputs = inputs;
    this.#ports = ports;
    this.#letters = letters;
    const source = { topic: inputs.reviewsTopic, partition };
    this.#commands = commandCursor(logs.reviews, codecs.commands, source);
    this.#facts = factCursor({ log: logs.valid, codec: codecs.facts, toFact: factOf }, inputs, differences);
    this.#holds = factCursor({ log: logs.held, codec: codecs.holds, toFact: holdOf }, inputs, differences);
    this.#accounts = new CommandAccounts(
      { reviews: logs.reviews.place, valid: logs.valid.place, held: logs.held.place },
      differences,
    );
    this.#recount = new FactRecount(inputs, differences);
  }

  async toEnd(): Promise<PartitionSummary> {
    for (;;) {
      if (this.#commands.isHungry) await this.#commands.fill();
      const command = this.#commands.head;
      const offset = command?.offset ?? Number.POSITIVE_INFINITY;
      while (!this.#takeFacts(offset)) await this.#facts.fill();
      while (!this.#takeHolds(offset)) await this.#holds.fill();
      if (command === undefined) break;
      if (this.#isUndecided(command.offset)) this.#undecided += 1;
      else if (this.#account(command) === 'unexplained') await this.#explain(command);
      this.#commands.next();
    }
    this.#letters.finish(this.#recount.lastCause + 1);
    this.#recount.finish();
    this.#ports.onFacts(this.#recount.facts % FACTS_PER_CALL);
    return {
      facts: this.#recount.facts,
      holds: this.#holdCount,
      courses: this.#recount.courses,
      reviews: this.#accounts.reviews,
      outcomes: this.#accounts.counts,
      undecided: this.#undecided,
      uncounted: this.#recount.uncounted,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#facts.close(), this.#holds.close()]);
  }

  /**
   * Takes the facts of this command, and whatever still stands before them.
   *
   * @returns false when more of them have to be waited for first
   */
  #takeFacts(command: number): boolean {
    while (!this.#facts.isHungry) {
      const fact = this.#facts.head;
      if (fact === undefined || fact.causeOffset > command) return true;
      this.#facts.next();
      this.#recount.take(fact);
      if (this.#recount.facts % FACTS_PER_CALL === 0) this.#ports.onFacts(FACTS_PER_CALL);
      if ('courseId' in fact) this.#takeChange(fact, command);
      else if (fact.topic === 'progress' && fact.causeOffset !== command) this.#reportNoCommand(fact);
    }
    return false;
  }

  /** As {@link #takeFacts}, for what is held. */
  #takeHolds(command: number): boolean {
    while (!this.#holds.isHungry) {
      const hold = this.#holds.head;
      if (hold === undefined || hold.causeOffset > command || this.#isUndecided(hold.causeOffset))
        return true;
      this.#holds.next();
      this.#holdCount += 1;
      this.#judgeOrdinal(hold);
      this.#takeChange(hold, command);
    }
    return false;
  }

  #judgeOrdinal(hold: Change): void {
    const { causeOffset, causeOrdinal } = hold;
    const twin = this.#changes.find(
      (one) => one.causeOrdinal === causeOrdinal && one.causeOffset === causeOffset,
    );
    if (twin !== undefined)
      this.#report(
        'cause-order',
        hold,
        `cause ${causeOffset}.${causeOrdinal} is used by ${this.#placeOf(twin)}, too`,
      );
  }

  /** Behind the last cause of all facts there is what was written after their end was looked up. */
  #isUndecided(command: number): boolean {
    return this.#facts.isEnded && command > this.#recount.lastCause;
  }

  #takeChange(change: Change, command: number): void {
    if (change.causeOffset === command) {
      this.#changes.push(change);
      return;
    }
    this.#reportNoCommand(change);
    this.#accounts.adopt(change);
  }

  #account({ offset, command }: ReadCommand): 'accounted' | 'unexplained' {
    const letter = this.#letters.take(offset);
    const changes = this.#changes;
    if (changes.length > 0) this.#changes = [];
    if (letter === undefined && command !== undefined) return this.#accounts.account(command, changes);
    if (letter !== undefined) this.#accounts.counts['dead-letter'] += 1;
    const [first] = changes;
    if (first === undefined) return letter === undefined ? 'unexplained' : 'accounted';
    for (const change of changes) this.#accounts.adopt(change);
    const named = `the command ${this.#inputs.logs.reviews.place.at(offset)}`;
    if (letter === undefined) this.#report('undue-change', first, `${named} cannot be read`);
    else this.#report('two-outcomes', first, `${named} is the dead letter ${letter}`);
    return 'accounted';
  }

  /** There is nothing of this command: perhaps because it could not be read. */
  async #explain({ offset, command, value }: ReadCommand): Promise<void> {
    const codec = this.#ports.codecs.commandsWithText;
    if (command !== undefined && (await isReadable(codec, value))) this.#accounts.lose(command);
    else if (this.#letters.mayHaveExpired(offset)) this.#accounts.counts['expired-letter'] += 1;
    else {
      this.#accounts.counts.lost += 1;
      const where = this.#inputs.logs.reviews.place.at(offset);
      this.#ports.differences.add(
        'lost-command',
        where,
        'it cannot be read, and there is no dead letter of it',
      );
    }
  }

  #reportNoCommand(fact: Fact): void {
    this.#report('no-command', fact, `its cause ${fact.causeOffset} is no command`);
  }

  #report(kind: DifferenceKind, fact: Fact, what: string): void {
    this.#ports.differences.add(kind, this.#placeOf(fact), what);
  }

  #placeOf({ topic, offset }: Fact): string {
    const { valid, held } = this.#inputs.logs;
    return (topic === 'held' ? held : valid).place.at(offset);
  }
}
