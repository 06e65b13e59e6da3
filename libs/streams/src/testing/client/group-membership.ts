import type { ConsumerTimeouts } from '../../group/consumer-timeouts.js';
import { assignSticky } from '../../group/sticky-assignment.js';
import type { Assignment, Joined } from '../cluster/consumer-group.js';
import type { InMemoryClient } from './in-memory-client.js';

/** One member's dealings with its group's coordinator. */
export class GroupMembership {
  readonly #client: InMemoryClient;
  readonly #groupId: string;
  readonly #partitions: number;
  readonly #timeouts: ConsumerTimeouts;
  #memberId: string | undefined;
  #generation = -1;
  #beatAtMs = 0;

  constructor(client: InMemoryClient, groupId: string, partitions: number, timeouts: ConsumerTimeouts) {
    this.#client = client;
    this.#groupId = groupId;
    this.#partitions = partitions;
    this.#timeouts = timeouts;
  }

  /** @returns the partition numbers it is given. @throws BrokerError, ConnectionError */
  async join(owned: readonly number[]): Promise<readonly number[]> {
    const { sessionTimeoutMs, rebalanceTimeoutMs } = this.#timeouts;
    const init = {
      memberId: this.#memberId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      owned,
      generation: this.#generation,
    };
    const { network } = this.#client;
    // A member that joins has to wait for all the others.
    const timeoutMs = rebalanceTimeoutMs + 5_000;
    const joined = await network.call<Joined>(
      'JoinGroup',
      this.#memberId ?? 'new',
      (reply, fail) => {
        this.#group.join(init, reply, fail);
      },
      timeoutMs,
    );
    this.#memberId = joined.memberId;
    const assigned = await network.call<readonly number[]>(
      'SyncGroup',
      joined.memberId,
      (reply, fail) => {
        this.#group.sync(joined, this.#assignmentBy(joined), reply, fail);
      },
      timeoutMs,
    );
    this.#generation = joined.generation;
    this.#beatAtMs = this.#client.clock.nowMs();
    return assigned;
  }

  /** No more often than the interval. @returns whether the group answered just now. @throws BrokerError, ConnectionError */
  async heartbeat(): Promise<boolean> {
    const memberId = this.#memberId;
    const now = this.#client.clock.nowMs();
    if (memberId === undefined || now - this.#beatAtMs < this.#timeouts.heartbeatIntervalMs) return false;
    this.#beatAtMs = now;
    const generation = this.#generation;
    await this.#client.network.request('Heartbeat', memberId, () => {
      this.#group.heartbeat(memberId, generation);
    });
    return true;
  }

  /** The group knows it no longer; it joins as somebody new. */
  forget(): void {
    this.#memberId = undefined;
  }

  async leave(): Promise<void> {
    const memberId = this.#memberId;
    if (memberId === undefined) return;
    this.#memberId = undefined;
    await this.#client.network.request('LeaveGroup', memberId, () => {
      this.#group.leave(memberId);
    });
  }

  #assignmentBy({ members }: Joined): Assignment | undefined {
    return members && assignSticky(members, this.#partitions);
  }

  get #group() {
    return this.#client.cluster.group(this.#groupId);
  }
}
