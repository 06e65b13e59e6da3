import { MalformedAnswerError } from './wire-error.js';

const LENGTH_BYTES = 4;
/** The shortest answer there is: only its correlation id. */
const MIN_LENGTH = 4;
/** No answer is as long: a fetch answers with 50 MB at most, or with one record. */
const MAX_LENGTH = 256 * 1_048_576;

/** Puts length-prefixed frames together again, however they were cut into chunks. */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthBytes = 0;
  /** The frame that is being filled. */
  #frame: Buffer | undefined;
  #filled = 0;

  /** @param onFrame is given each frame without its length; it is a view of a chunk, or has memory of its own */
  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws MalformedAnswerError when the other side does not speak Kafka */
  add(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#frame === undefined ? this.#begin(chunk, at) : this.#fill(chunk, at);
  }

  #begin(chunk: Buffer, start: number): number {
    const missing = LENGTH_BYTES - this.#lengthBytes;
    const copied = chunk.copy(this.#length, this.#lengthBytes, start, start + missing);
    this.#lengthBytes += copied;
    const at = start + copied;
    if (this.#lengthBytes < LENGTH_BYTES) return at;
    this.#lengthBytes = 0;
    const length = this.#length.readInt32BE(0);
    if (length < MIN_LENGTH || length > MAX_LENGTH)
      throw new MalformedAnswerError(`Not a Kafka frame: length ${length}`);
    if (at + length <= chunk.length) {
      this.#onFrame(chunk.subarray(at, at + length));
      return at + length;
    }
    this.#frame = Buffer.allocUnsafe(length);
    this.#filled = 0;
    return at;
  }

  #fill(chunk: Buffer, start: number): number {
    const frame = this.#frame;
    if (frame === undefined) return start;
    const copied = chunk.copy(frame, this.#filled, start);
    this.#filled += copied;
    if (this.#filled === frame.length) {
      this.#frame = undefined;
      this.#onFrame(frame);
    }
    return start + copied;
  }
}
