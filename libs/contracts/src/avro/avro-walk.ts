import { isUtf8 } from 'node:buffer';

const SHORT_TEXT = 64;
/** Numbers of more bytes may not be safe integers. */
const MOST_LONG_BYTES = 7;

/**
 * Walks over Avro's binary encoding without making objects. Whatever is cut off, not written in the shortest form or
 * not well formed makes the walk unsound, and it goes on with whatever comes: ask at the end.
 */
export class AvroWalk {
  readonly bytes: Buffer;
  at: number;
  isSound = true;

  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  /** Whether all was as it must be, up to the last byte. */
  get isComplete(): boolean {
    return this.isSound && this.at === this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  long(): number {
    let byte = this.byte();
    let value = byte & 0x7f;
    let weight = 0x80;
    for (let length = 2; byte >= 0x80; length++) {
      byte = this.byte();
      value += (byte & 0x7f) * weight;
      weight *= 0x80;
      if (length > MOST_LONG_BYTES || byte === 0) {
        this.isSound = false;
        return 0;
      }
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Whether there is a value: the second branch of a union with null. */
  isPresent(): boolean {
    const branch = this.byte();
    if (branch > 2 || branch === 1) this.isSound = false;
    return branch === 2;
  }

  isTrue(): boolean {
    const value = this.byte();
    if (value > 1) this.isSound = false;
    return value === 1;
  }

  /** Passes a text's length by, which it returns: the text is what comes next. */
  length(): number {
    const length = this.long();
    if (length >= 0 && this.at + length <= this.bytes.length) return length;
    this.isSound = false;
    return 0;
  }

  /** A text of ASCII alone; any other makes the walk unsound. */
  ascii(): string {
    const length = this.length();
    const start = this.at;
    this.at += length;
    if (!isAsciiIn(this.bytes, start, this.at)) this.isSound = false;
    return this.bytes.toString('latin1', start, this.at);
  }

  /** A text that may be missing. */
  textOrNull(): string | null {
    if (!this.isPresent()) return null;
    const length = this.length();
    const start = this.at;
    this.at += length;
    return this.bytes.toString('utf8', start, this.at);
  }

  /** Passes a text by that may be missing; one of more UTF-16 units makes the walk unsound. */
  skipText(maxLength: number): void {
    if (!this.isPresent()) return;
    const length = this.length();
    const start = this.at;
    this.at += length;
    if (!isWellFormed(this.bytes, start, this.at)) this.isSound = false;
    // Never more units than bytes.
    if (length > maxLength && this.bytes.toString('utf8', start, this.at).length > maxLength)
      this.isSound = false;
  }
}

const isAsciiIn = (bytes: Buffer, start: number, end: number): boolean => {
  let seen = 0;
  for (let at = start; at < end; at++) seen |= bytes[at] ?? 0;
  return seen < 0x80;
};

// Decoded and encoded again, what is not well formed would not be the same.
const isWellFormed = (bytes: Buffer, start: number, end: number): boolean =>
  (end - start <= SHORT_TEXT && isAsciiIn(bytes, start, end)) || isUtf8(bytes.subarray(start, end));
