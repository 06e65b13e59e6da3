import type { GroupHandlers } from '../group/group-consumer.js';
import { topicPartitionKey, type RecordBatch } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { Ask, FetchPositions } from './fetch-positions.js';
import type { FetchedPartition } from './fetch-request.js';
import { readRecordSet, type RecordSet } from './record-set.js';

/** Answers of which something is still being handled, in bytes. */
const MAX_HELD_BYTES = 32 * 1_048_576;
/** A batch keeps the whole answer it came with. One that is less than this part of it gets a copy of its own. */
const KEEPING_SHARE = 1 / 4;

/** Who is given what is fetched. */
export interface FetchHandlers extends Pick<GroupHandlers, 'onBatch' | 'onSkipped'> {
  /** Nothing more will be fetched. */
  onFatal(error: StreamsError): void;
}

/** Hands over what was fetched, and moves the positions behind what was applied. */
export class FetchDelivery {
  readonly #positions: FetchPositions;
  readonly #handlers: Pick<GroupHandlers, 'onBatch' | 'onSkipped'>;
  readonly #onHandled: () => void;
  readonly #handling = new Set<Promise<void>>();
  #heldBytes = 0;

  constructor(positions: FetchPositions, handlers: FetchHandlers, onHandled: () => void) {
    this.#positions = positions;
    this.#handlers = handlers;
    this.#onHandled = onHandled;
  }

  /** Whether so much is being handled that nothing more should be fetched. */
  get isFull(): boolean {
    return this.#heldBytes >= MAX_HELD_BYTES;
  }

  /**
   * Hands over a partition's part of an answer, if it is still wanted.
   *
   * @throws StreamsError FATAL when it cannot be read
   */
  take(ask: Ask, fetched: FetchedPartition): void {
    if (!this.#positions.answered(ask) || fetched.recordSet.length === 0) return;
    const { target, offset } = ask;
    const { records, nextOffset } = recordSetOf(ask, fetched);
    if (records.length > 0) {
      const highWatermark = fetched.lastStableOffset;
      const batch = { ...target, records, fetchedOffset: offset, nextOffset, highWatermark };
      this.#give(ask, batch, fetched.recordSet.length);
    } else if (nextOffset > offset) {
      this.#positions.advance(ask, nextOffset);
      this.#handlers.onSkipped(target, offset, nextOffset);
    }
  }

  /** Resolves when everything that was handed over is handled. */
  async settled(): Promise<void> {
    await Promise.all(this.#handling);
  }

  #give(ask: Ask, batch: RecordBatch, bytes: number): void {
    this.#heldBytes += bytes;
    this.#positions.give(ask);
    const handling = this.#handle(ask, batch).finally(() => {
      this.#handling.delete(handling);
      this.#heldBytes -= bytes;
      this.#positions.handled(ask);
      this.#onHandled();
    });
    this.#handling.add(handling);
  }

  async #handle(ask: Ask, batch: RecordBatch): Promise<void> {
    const outcome = await this.#handlers.onBatch(batch);
    if (outcome === 'applied') this.#positions.advance(ask, batch.nextOffset);
  }
}

const recordSetOf = ({ target, offset }: Ask, { recordSet, aborted }: FetchedPartition): RecordSet => {
  try {
    return readRecordSet(ownedBytes(recordSet), offset, aborted);
  } catch (error) {
    const where = `${topicPartitionKey(target)} fetched from offset ${offset}`;
    throw new StreamsError('FATAL', `${where}: ${String(error)}`, { cause: error });
  }
};

/** A slow task may keep a few records for long, and should not keep what came for others along with them. */
const ownedBytes = (bytes: Buffer): Buffer =>
  bytes.length < bytes.buffer.byteLength * KEEPING_SHARE ? Buffer.from(bytes) : bytes;
