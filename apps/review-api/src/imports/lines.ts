import { GrowingBuffer } from '../request/growing-buffer.js';

const LINE_FEED = 0x0a;
/** A chunk may hold tens of thousands of empty lines; whoever works on a group lets nobody else work meanwhile. */
const MAX_LINES_PER_GROUP = 250;

/** A line of a file, counted from 1. */
export interface FileLine {
  readonly line: number;
  /** Its text without the line end, possibly a slice of a chunk; null when it is longer than allowed. */
  readonly bytes: Buffer | null;
}

/**
 * Cuts chunks into lines, some at a time, and holds one unfinished line at most: memory does not grow with the
 * file or with its longest line.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<readonly FileLine[]> {
  let line = 0;
  const pending = new GrowingBuffer();
  let pendingBytes = 0;

  const takeLine = (end: Buffer): FileLine => {
    line += 1;
    const isTooLong = pendingBytes + end.length > maxLineBytes;
    pendingBytes = 0;
    if (pending.length > 0) pending.add(end);
    const whole = pending.length > 0 ? pending.take() : end;
    return { line, bytes: isTooLong ? null : withoutCarriageReturn(whole) };
  };

  for await (const chunk of chunks) {
    let lines: FileLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      lines.push(takeLine(chunk.subarray(start, end)));
      start = end + 1;
      if (lines.length === MAX_LINES_PER_GROUP) {
        yield lines;
        lines = [];
      }
    }
    const rest = chunk.subarray(start);
    pendingBytes += rest.length;
    // What is too long already is only counted.
    if (pendingBytes > maxLineBytes) pending.take();
    else pending.add(rest);
    if (lines.length > 0) yield lines;
  }
  if (pendingBytes > 0) yield [takeLine(Buffer.alloc(0))];
}

const withoutCarriageReturn = (bytes: Buffer): Buffer =>
  bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
