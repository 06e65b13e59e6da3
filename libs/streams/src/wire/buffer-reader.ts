import { MalformedAnswerError } from './wire-error.js';

const TWO_TO_32 = 2 ** 32;

/**
 * Reads Kafka's types, big-endian, one behind the other: those of versions without tagged fields.
 *
 * Each method throws a {@link MalformedAnswerError} when the bytes end too early.
 */
export class BufferReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** A 64-bit number that must be a safe integer. */
  int64(): number {
    const at = this.#take(8);
    const value = this.#bytes.readInt32BE(at) * TWO_TO_32 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(value)) throw new MalformedAnswerError(`${value} is no safe integer`);
    return value;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  string(): string {
    const text = this.nullableString();
    if (text === null) throw new MalformedAnswerError('null where a text must be');
    return text;
  }

  nullableString(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** A view of bytes preceded by their length; empty when null. */
  bytes(): Buffer {
    const length = Math.max(this.int32(), 0);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Empty when null. */
  array<T>(read: () => T): T[] {
    const count = this.int32();
    // No item takes less than a byte: without this a wrong count would be an endless loop.
    if (count > this.#bytes.length - this.#at) throw new MalformedAnswerError(`${count} items expected`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  /** @throws MalformedAnswerError when something is left */
  end(): void {
    if (this.#at !== this.#bytes.length)
      throw new MalformedAnswerError(`${this.#bytes.length - this.#at} bytes more than expected`);
  }

  /** Moves on by so many bytes; returns where they begin. */
  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length)
      throw new MalformedAnswerError(`${length} bytes expected, ${this.#bytes.length - at} are left`);
    this.#at = at + length;
    return at;
  }
}
