import { NULL, PRESENT } from './union.js';

/**
 * Avro's binary encoding by hand, for records of which there are many: values go one behind the other into a large chunk of memory, and
 * each result is a view of its part. A chunk lives as long as any of its results.
 */
export class AvroWriter {
  readonly #chunkBytes: number;
  #chunk: Buffer;
  #start = 0;
  #at = 0;

  /** @param chunkBytes default 64 KB */
  constructor(chunkBytes = CHUNK_BYTES) {
    this.#chunkBytes = chunkBytes;
    this.#chunk = Buffer.allocUnsafeSlow(chunkBytes);
  }

  /**
   * Begins a result: what was begun and not taken is forgotten.
   *
   * @param maxBytes the most it may take: see {@link MAX_LONG_BYTES} and {@link maxTextBytes}
   */
  begin(maxBytes: number): void {
    if (this.#start + maxBytes > this.#chunk.length) {
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(maxBytes, this.#chunkBytes));
      this.#start = 0;
    }
    this.#at = this.#start;
  }

  /** What was written since the beginning of this result. @throws Error when it took more than was said */
  take(): Buffer {
    if (this.#at > this.#chunk.length) throw new Error('A value larger than it was said to be at most');
    const result = this.#chunk.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return result;
  }

  byte(value: number): void {
    this.#chunk[this.#at++] = value;
  }

  /** @throws Error on what is no integer, or lies outside of ±(2^53 - 2). Below -2^52 it is avsc that is not exact. */
  long(value: number): void {
    const chunk = this.#chunk;
    let at = this.#at;
    let rest: number;
    if (value >= -SMALL && value < SMALL && value === (value | 0)) rest = (value << 1) ^ (value >> 31);
    else {
      if (!Number.isInteger(value) || Math.abs(value) > MAX_LONG) throw new Error(`invalid long: ${value}`);
      // The lower 28 bits in four bytes; what is above them has 26.
      const positive = value < 0 ? -1 - value : value;
      const high = Math.floor(positive / HALF_OF_2_28);
      const low = ((positive - high * HALF_OF_2_28) << 1) | (value < 0 ? 1 : 0);
      chunk[at++] = (low & 0x7f) | 0x80;
      chunk[at++] = ((low >>> 7) & 0x7f) | 0x80;
      chunk[at++] = ((low >>> 14) & 0x7f) | 0x80;
      chunk[at++] = (low >>> 21) | 0x80;
      rest = high;
    }
    while (rest > 0x7f) {
      chunk[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    chunk[at++] = rest;
    this.#at = at;
  }

  nullableLong(value: number | null): void {
    if (value === null) this.byte(NULL);
    else {
      this.byte(PRESENT);
      this.long(value);
    }
  }

  text(value: string): void {
    const { length } = value;
    const start = this.#at;
    this.long(length);
    const chunk = this.#chunk;
    const at = this.#at;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.#at = start;
        this.#wideText(value);
        return;
      }
      chunk[at + index] = code;
    }
    this.#at = at + length;
  }

  nullableText(value: string | null): void {
    if (value === null) this.byte(NULL);
    else {
      this.byte(PRESENT);
      this.text(value);
    }
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    this.long(length);
    // A call into the runtime costs more than a short loop.
    if (length > SHORT) this.#chunk.set(value, this.#at);
    else for (let index = 0; index < length; index++) this.#chunk[this.#at + index] = value[index] ?? 0;
    this.#at += length;
  }

  /** What is encoded already: a part of other bytes, as it is. */
  part(source: Buffer, start: number, end: number): void {
    const chunk = this.#chunk;
    const moved = this.#at - start;
    if (end - start > SHORT) source.copy(chunk, this.#at, start, end);
    else for (let at = start; at < end; at++) chunk[at + moved] = source[at] ?? 0;
    this.#at = moved + end;
  }

  #wideText(value: string): void {
    const length = Buffer.byteLength(value);
    this.long(length);
    this.#chunk.write(value, this.#at, 'utf8');
    // Not what was written, which ends with the chunk: take() finds out.
    this.#at += length;
  }
}

/** The most bytes a number takes, with the branch of its union. */
export const MAX_LONG_BYTES = 11;

/** The most bytes a text takes, with its length and the branch of its union. */
export const maxTextBytes = (text: string | null): number =>
  text === null ? 1 : MAX_LONG_BYTES + MAX_BYTES_PER_CHARACTER * text.length;

const CHUNK_BYTES = 65_536;
const MAX_BYTES_PER_CHARACTER = 3;
const SHORT = 64;
const SMALL = 2 ** 30;
const HALF_OF_2_28 = 2 ** 27;
const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;
