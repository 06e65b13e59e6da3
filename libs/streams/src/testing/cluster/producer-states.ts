import { BrokerError } from './broker-error.js';

/** Who sends, as the broker sees it: the epoch tells the incarnations of a transactional id apart. */
export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

interface SequencedBatch {
  readonly firstSequence: number;
  readonly count: number;
  readonly firstOffset: number;
}

interface ProducerState {
  readonly epoch: number;
  nextSequence: number;
  /** The last few, to recognize what comes again. */
  readonly recent: SequencedBatch[];
}

/** As many as a broker remembers. */
const REMEMBERED_BATCHES = 5;

/** What one partition remembers of its idempotent producers (KIP-98). */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();

  /**
   * Whether a batch may be appended. A batch it has seen is answered as if it had just been appended, whatever is in
   * it: nobody compares the records.
   *
   * @returns the offset it got the first time, if it was appended before
   * @throws BrokerError INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  check({ producerId, epoch }: ProducerIdentity, firstSequence: number, count: number): number | undefined {
    const state = this.#states.get(producerId);
    if (state === undefined) return undefined;
    if (epoch < state.epoch) throw new BrokerError('INVALID_PRODUCER_EPOCH');
    if (epoch > state.epoch) {
      if (firstSequence !== 0) throw new BrokerError('OUT_OF_ORDER_SEQUENCE_NUMBER');
      return undefined;
    }
    const again = state.recent.find(
      (batch) => batch.firstSequence === firstSequence && batch.count === count,
    );
    if (again !== undefined) return again.firstOffset;
    if (firstSequence !== state.nextSequence) throw new BrokerError('OUT_OF_ORDER_SEQUENCE_NUMBER');
    return undefined;
  }

  appended({ producerId, epoch }: ProducerIdentity, batch: SequencedBatch): void {
    const state = this.#stateOf(producerId, epoch);
    state.nextSequence = batch.firstSequence + batch.count;
    state.recent.push(batch);
    if (state.recent.length > REMEMBERED_BATCHES) state.recent.shift();
  }

  /** A transaction's marker tells the partition of a new epoch, too. */
  marked({ producerId, epoch }: ProducerIdentity): void {
    this.#stateOf(producerId, epoch);
  }

  #stateOf(producerId: number, epoch: number): ProducerState {
    const known = this.#states.get(producerId);
    if (known !== undefined && known.epoch >= epoch) return known;
    const state: ProducerState = { epoch, nextSequence: 0, recent: [] };
    this.#states.set(producerId, state);
    return state;
  }
}
