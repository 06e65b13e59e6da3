import type { SentRecords } from '../task/task-log.js';
import type { BrokerConnection } from './broker-connection.js';
import type { ProducerId } from './requests/new-producer-id.js';
import { produceTogetherRequest, type TargetedBatch } from './requests/produce-together.js';
import { ProtocolError } from './wire-error.js';

interface WaitingBatch {
  readonly batch: TargetedBatch;
  readonly resolve: (sent: SentRecords) => void;
  readonly reject: (reason: unknown) => void;
}

/** What goes to one broker: batches that are given to it within one turn of microtasks become one request. */
export class Outbox {
  readonly #connection: () => Promise<Pick<BrokerConnection, 'request'>>;
  readonly #id: ProducerId;
  readonly #timeoutMs: number;
  #waiting: WaitingBatch[] = [];

  /** @param timeoutMs how long the broker may wait for its replicas */
  constructor(
    connection: () => Promise<Pick<BrokerConnection, 'request'>>,
    id: ProducerId,
    timeoutMs: number,
  ) {
    this.#connection = connection;
    this.#id = id;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * No two batches of a partition may be under way.
   *
   * @throws ProtocolError, ConnectionError
   */
  send(batch: TargetedBatch): Promise<SentRecords> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      // Nobody waits for it: it fails those who wait for their batches.
      if (this.#waiting.length === 1) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    let together: readonly WaitingBatch[] = this.#waiting;
    try {
      const connection = await this.#connection();
      together = this.#take();
      const request = produceTogetherRequest(
        this.#id,
        together.map(({ batch }) => batch),
        this.#timeoutMs,
      );
      const answers = await connection.request(request);
      // The request has made sure that they are as many.
      for (const [index, answer] of answers.entries()) {
        if (answer instanceof ProtocolError) together[index]?.reject(answer);
        else together[index]?.resolve(answer);
      }
    } catch (error) {
      if (together === this.#waiting) this.#take();
      for (const { reject } of together) reject(error);
    }
  }

  #take(): readonly WaitingBatch[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
