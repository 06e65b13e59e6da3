import type { Offset } from '../../offset.js';
import { BrokerError } from './broker-error.js';

/** A member that waits to join. */
export interface JoiningMember {
  /** Undefined when it was never one, or no longer is. */
  readonly memberId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** What the assigner is told: the partitions it has, and the generation it got them in; -1 when it has none. */
  readonly owned: readonly number[];
  readonly generation: number;
}

/** The members of a generation, told to the leader. */
export interface GroupMember {
  readonly memberId: string;
  readonly owned: readonly number[];
  readonly generation: number;
}

/** Answer to a join. */
export interface Joined {
  readonly memberId: string;
  readonly generation: number;
  /** Undefined unless this member deals the partitions out. */
  readonly members: readonly GroupMember[] | undefined;
}

/** What a group has committed for a partition, and what it had committed before. */
export interface CommittedOffset {
  readonly last: Offset | undefined;
  readonly before: Offset | undefined;
}

const NEVER_COMMITTED: CommittedOffset = Object.freeze({ last: undefined, before: undefined });

/** Partition numbers by member. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

interface Member {
  readonly memberId: string;
  init: JoiningMember;
  seenAtMs: number;
  join: ((joined: Joined) => void) | undefined;
  sync: ((assigned: readonly number[]) => void) | undefined;
  fail: ((error: BrokerError) => void) | undefined;
}

interface GroupClock {
  nowMs(): number;
  schedule(delayMs: number, callback: () => void): void;
}

/** A consumer group and its coordinator: eager rebalances, sessions, committed offsets. */
export class ConsumerGroup {
  readonly #clock: GroupClock;
  readonly #members = new Map<string, Member>();
  readonly #offsets = new Map<string, CommittedOffset>();
  #state: 'stable' | 'joining' | 'syncing' = 'stable';
  #generation = 0;
  #names = 0;
  #assignment: Assignment = new Map();

  constructor(clock: GroupClock) {
    this.#clock = clock;
  }

  /** Answers once every known member has joined again, or the time for that is over. */
  join(init: JoiningMember, reply: (joined: Joined) => void, fail: (error: BrokerError) => void): void {
    if (init.memberId !== undefined && !this.#members.has(init.memberId)) {
      fail(new BrokerError('UNKNOWN_MEMBER_ID'));
      return;
    }
    const memberId = init.memberId ?? `member-${this.#names++}`;
    const member = this.#members.get(memberId) ?? this.#admit(memberId, init);
    member.init = init;
    member.seenAtMs = this.#clock.nowMs();
    member.join = reply;
    member.fail = fail;
    this.#rebalance();
    this.#completeJoin();
  }

  /** @param assignment from the leader only */
  sync(
    { memberId, generation }: { memberId: string; generation: number },
    assignment: Assignment | undefined,
    reply: (assigned: readonly number[]) => void,
    fail: (error: BrokerError) => void,
  ): void {
    const member = this.#members.get(memberId);
    if (member === undefined) fail(new BrokerError('UNKNOWN_MEMBER_ID'));
    else if (generation !== this.#generation) fail(new BrokerError('ILLEGAL_GENERATION'));
    else if (this.#state === 'joining') fail(new BrokerError('REBALANCE_IN_PROGRESS'));
    else {
      member.seenAtMs = this.#clock.nowMs();
      member.sync = reply;
      member.fail = fail;
      if (assignment !== undefined) {
        this.#assignment = assignment;
        this.#state = 'stable';
      }
      if (this.#state === 'stable') this.#answerSyncs();
    }
  }

  /** @throws BrokerError UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS */
  heartbeat(memberId: string, generation: number): void {
    const member = this.#members.get(memberId);
    if (member === undefined) throw new BrokerError('UNKNOWN_MEMBER_ID');
    if (generation !== this.#generation) throw new BrokerError('ILLEGAL_GENERATION');
    member.seenAtMs = this.#clock.nowMs();
    if (this.#state === 'joining') throw new BrokerError('REBALANCE_IN_PROGRESS');
  }

  leave(memberId: string): void {
    if (this.#members.delete(memberId)) this.#memberIsGone();
  }

  committedOffset(key: string): CommittedOffset {
    return this.#offsets.get(key) ?? NEVER_COMMITTED;
  }

  /** Undefined deletes it. */
  commitOffset(key: string, next: Offset | undefined): void {
    this.#offsets.set(key, { last: next, before: this.committedOffset(key).last });
  }

  #admit(memberId: string, init: JoiningMember): Member {
    const member: Member = {
      memberId,
      init,
      seenAtMs: this.#clock.nowMs(),
      join: undefined,
      sync: undefined,
      fail: undefined,
    };
    this.#members.set(memberId, member);
    this.#watch(member);
    return member;
  }

  #watch(member: Member): void {
    const { sessionTimeoutMs } = member.init;
    const leftMs = member.seenAtMs + sessionTimeoutMs - this.#clock.nowMs();
    this.#clock.schedule(Math.max(1, leftMs), () => {
      if (this.#members.get(member.memberId) !== member) return;
      // Who waits for an answer of ours is not silent.
      const isWaiting = member.join !== undefined || member.sync !== undefined;
      if (!isWaiting && this.#clock.nowMs() - member.seenAtMs >= sessionTimeoutMs)
        this.leave(member.memberId);
      else {
        if (isWaiting) member.seenAtMs = this.#clock.nowMs();
        this.#watch(member);
      }
    });
  }

  #memberIsGone(): void {
    this.#rebalance();
    this.#completeJoin();
  }

  #rebalance(): void {
    if (this.#state === 'joining') return;
    this.#state = 'joining';
    for (const member of this.#members.values()) {
      member.sync = undefined;
      if (member.join === undefined) {
        member.fail?.(new BrokerError('REBALANCE_IN_PROGRESS'));
        member.fail = undefined;
      }
    }
    const waitMs = Math.max(0, ...[...this.#members.values()].map(({ init }) => init.rebalanceTimeoutMs));
    const generation = this.#generation;
    this.#clock.schedule(waitMs, () => {
      if (this.#state !== 'joining' || this.#generation !== generation) return;
      for (const [memberId, { join }] of this.#members)
        if (join === undefined) this.#members.delete(memberId);
      this.#completeJoin();
    });
  }

  #completeJoin(): void {
    const members = [...this.#members.values()];
    if (this.#state !== 'joining' || members.some(({ join }) => join === undefined)) return;
    this.#generation += 1;
    this.#state = members.length === 0 ? 'stable' : 'syncing';
    const told = members.map(({ memberId, init: { owned, generation } }) => ({
      memberId,
      owned,
      generation,
    }));
    for (const [index, member] of members.entries()) {
      const { memberId, join } = member;
      member.join = undefined;
      member.fail = undefined;
      member.seenAtMs = this.#clock.nowMs();
      join?.({ memberId, generation: this.#generation, members: index === 0 ? told : undefined });
    }
  }

  #answerSyncs(): void {
    for (const member of this.#members.values()) {
      const { memberId, sync } = member;
      member.sync = undefined;
      if (sync === undefined) continue;
      member.fail = undefined;
      sync(this.#assignment.get(memberId) ?? []);
    }
  }
}
