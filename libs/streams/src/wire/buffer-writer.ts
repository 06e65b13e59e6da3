const FIRST_CAPACITY = 256;
const NULL_LENGTH = -1;
const TWO_TO_32 = 2 ** 32;

/**
 * Writes Kafka's types, big-endian, one behind the other into a buffer that grows. The types are those of versions
 * without tagged fields ("non-flexible"), the only ones spoken here.
 */
export class BufferWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = FIRST_CAPACITY) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written. It stays valid only as long as nothing more is written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  int8(value: number): this {
    const at = this.#room(1);
    this.#bytes.writeInt8(value, at);
    return this;
  }

  int16(value: number): this {
    const at = this.#room(2);
    this.#bytes.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeInt32BE(value, at);
    return this;
  }

  uint32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  /** @param value a safe integer */
  int64(value: number): this {
    const at = this.#room(8);
    this.#bytes.writeInt32BE(Math.floor(value / TWO_TO_32), at);
    this.#bytes.writeUInt32BE(value >>> 0, at + 4);
    return this;
  }

  string(text: string): this {
    const length = Buffer.byteLength(text);
    this.int16(length);
    const at = this.#room(length);
    this.#bytes.write(text, at, 'utf8');
    return this;
  }

  nullableString(text: string | null): this {
    return text === null ? this.int16(NULL_LENGTH) : this.string(text);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Bytes preceded by their length, which is known only when they are written. */
  sized(write: () => void): this {
    const at = this.#room(4);
    write();
    this.#bytes.writeInt32BE(this.#length - at - 4, at);
    return this;
  }

  /** Writes so many bytes at once: `write` fills the buffer it is given from the index it is given. */
  raw(size: number, write: (bytes: Buffer, at: number) => void): this {
    const at = this.#room(size);
    write(this.#bytes, at);
    return this;
  }

  /** Takes room for bytes; returns where it begins. To be called before the buffer is touched, which may be another then. */
  #room(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }
}
