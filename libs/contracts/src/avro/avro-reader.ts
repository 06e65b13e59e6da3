import { CodecError } from '../confluent-avro.js';
import { NULL, PRESENT } from './union.js';

/**
 * Avro's binary encoding by hand, for records of which there are many. It reads one value after the other; behind the end there are
 * zeros, and {@link end} finds out.
 */
export class AvroReader {
  #bytes: Buffer = NO_BYTES;
  #at = 0;

  /** Starts with other bytes, from an index on. */
  begin(bytes: Buffer, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** @throws CodecError unless exactly all bytes were read */
  end(): void {
    const left = this.#bytes.length - this.#at;
    this.#bytes = NO_BYTES;
    if (left !== 0) throw new CodecError(`${left} bytes too many or too few`);
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  /** @throws CodecError on a number outside of what is exact: ±(2^53 - 2) */
  long(): number {
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let low = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const next = this.byte();
      low |= (next & 0x7f) << shift;
      if (next < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    return this.#wideLong(low);
  }

  /** @param low the lower 28 bits */
  #wideLong(low: number): number {
    let high = 0;
    for (let weight = 1; weight <= MAX_HIGH_WEIGHT; weight *= 2 ** 7) {
      const next = this.byte();
      high += (next & 0x7f) * weight;
      if (next >= 0x80) continue;
      const positive = high * HALF_OF_2_28 + (low >>> 1);
      if (positive > MAX_LONG) throw new CodecError('A number that is not exact');
      return (low & 1) === 0 ? positive : -1 - positive;
    }
    throw new CodecError('A number that never ends');
  }

  /** Branch 0 of a union is null here, as everywhere. @throws CodecError when it is neither that nor the only other one */
  isNull(): boolean {
    const branch = this.byte();
    if (branch !== NULL && branch !== PRESENT) throw new CodecError('A union without such a branch');
    return branch === NULL;
  }

  nullableLong(): number | null {
    return this.isNull() ? null : this.long();
  }

  text(): string {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  nullableText(): string | null {
    return this.isNull() ? null : this.text();
  }

  skipNullableText(): void {
    if (this.isNull()) return;
    const length = this.#length();
    this.#at += length;
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.#length();
    const copy = new Uint8Array(length);
    const start = this.#at;
    this.#at += length;
    // A small array is kept on V8's heap, and a view of the source would cost more than the loop.
    if (length > SHORT) copy.set(this.#bytes.subarray(start, start + length));
    else for (let index = 0; index < length; index++) copy[index] = this.#bytes[start + index] ?? 0;
    return copy;
  }

  /** @throws CodecError when there are not as many bytes left */
  #length(): number {
    const length = this.long();
    if (length < 0 || length > this.#bytes.length - this.#at) throw new CodecError(`A length of ${length}`);
    return length;
  }
}

const NO_BYTES = Buffer.alloc(0);
const SHORT = 64;
const HALF_OF_2_28 = 2 ** 27;
/** Of the last of ten bytes, the most that 64 bits take. */
const MAX_HIGH_WEIGHT = 2 ** 35;
const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;
