const FIRST_CAPACITY = 256;

/** Bytes that come in pieces, however small: a buffer of its own for each piece would take a hundred times a single byte. */
export class GrowingBuffer {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) this.#grow(Math.max(length, 2 * this.#bytes.length, FIRST_CAPACITY));
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** All of it, which is forgotten here. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }

  #grow(capacity: number): void {
    const bytes = Buffer.allocUnsafe(capacity);
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}
