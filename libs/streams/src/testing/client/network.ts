import { ConnectionError } from '../cluster/broker-error.js';
import type { ProcessTime } from '../time/process-time.js';
import type { VirtualTime } from '../time/virtual-time.js';

/** Requests as Kafka names them. */
export type RequestKind =
  | 'InitProducerId'
  | 'AddPartitionsToTxn'
  | 'Produce'
  | 'TxnOffsetCommit'
  | 'EndTxn'
  | 'Fetch'
  | 'ListOffsets'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetFetch'
  | 'OffsetCommit';

/** What happens to one request on its way. */
export type RequestFault =
  /** It arrives and is answered. */
  | 'none'
  /** It never arrives. */
  | 'request lost'
  /** It takes effect; nobody learns of it. */
  | 'response lost'
  /** Its sender has given up on it by the time it arrives. */
  | 'delayed';

/** Decides how requests travel. */
export interface NetworkPlan {
  faultOf(kind: RequestKind): RequestFault;
  /** One way, in milliseconds. */
  latencyMs(): number;
  /** How late a delayed request arrives, in milliseconds. */
  lateMs(): number;
  /** When the sender of a request that gets no answer gives up, in milliseconds. */
  giveUpMs(): number;
  /** Whether the request of a process that died meanwhile arrives all the same. */
  outlivesSender(): boolean;
}

/** Everything takes one millisecond and arrives. */
export const PERFECT_NETWORK: NetworkPlan = Object.freeze({
  faultOf: () => 'none' as const,
  latencyMs: () => 1,
  lateMs: () => 1,
  giveUpMs: () => 1,
  outlivesSender: () => true,
});

/** Told of every request that reaches a broker. */
export type NetworkObserver = (kind: RequestKind, detail: string, fault: RequestFault) => void;

/** The connections of one process to the cluster. */
export class Network {
  readonly #time: VirtualTime;
  readonly #process: ProcessTime;
  readonly #plan: NetworkPlan;
  readonly #observe: NetworkObserver;

  constructor(time: VirtualTime, process: ProcessTime, plan: NetworkPlan, observe: NetworkObserver) {
    this.#time = time;
    this.#process = process;
    this.#plan = plan;
    this.#observe = observe;
  }

  /**
   * Sends a request that is answered as soon as it arrives.
   *
   * @throws ConnectionError when no answer comes; BrokerError when the answer is one
   */
  request<T>(kind: RequestKind, detail: string, effect: () => T): Promise<T> {
    return this.call(kind, detail, (reply, fail) => {
      let answer: T;
      try {
        answer = effect();
      } catch (error) {
        fail(error);
        return;
      }
      reply(answer);
    });
  }

  /** Sends a request that the broker answers when it likes, once; its sender waits no longer than `timeoutMs`. */
  call<T>(
    kind: RequestKind,
    detail: string,
    effect: (reply: (answer: T) => void, fail: (error: unknown) => void) => void,
    timeoutMs?: number,
  ): Promise<T> {
    const fault = this.#plan.faultOf(kind);
    return new Promise<T>((resolve, reject) => {
      const answered = (settle: () => void): void => {
        if (fault !== 'none') return;
        this.#time.schedule(this.#plan.latencyMs(), () => {
          this.#process.deliver(settle);
        });
      };
      const arrive = (): void => {
        if (this.#process.isDead && !this.#plan.outlivesSender()) return;
        this.#observe(kind, detail, fault);
        effect(
          (answer) => {
            answered(() => {
              resolve(answer);
            });
          },
          (error) => {
            answered(() => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
          },
        );
      };
      if (fault !== 'request lost')
        this.#time.schedule(fault === 'delayed' ? this.#plan.lateMs() : this.#plan.latencyMs(), arrive);
      const waitMs = fault === 'none' ? timeoutMs : this.#plan.giveUpMs();
      if (waitMs !== undefined)
        this.#time.schedule(waitMs, () => {
          this.#process.deliver(() => {
            reject(new ConnectionError(`${kind}: ${fault === 'none' ? 'timed out' : fault}`));
          });
        });
    });
  }
}
