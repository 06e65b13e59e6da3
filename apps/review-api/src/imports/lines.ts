const LINE_FEED = 0x0a;

/** A line of a file, counted from 1. */
export interface FileLine {
  readonly line: number;
  /** Its text without the line end; null when it is longer than allowed. */
  readonly bytes: Buffer | null;
}

/**
 * Cuts chunks into lines, one group per chunk, and holds one unfinished line at most: memory does not grow with the
 * file or with its longest line.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<readonly FileLine[]> {
  let line = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const takeLine = (end: Buffer): FileLine => {
    line += 1;
    const isTooLong = pendingBytes + end.length > maxLineBytes;
    const bytes = isTooLong ? null : withoutCarriageReturn(Buffer.concat([...pending, end]));
    pending = [];
    pendingBytes = 0;
    return { line, bytes };
  };

  for await (const chunk of chunks) {
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      lines.push(takeLine(chunk.subarray(start, end)));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    pendingBytes += rest.length;
    // What is too long already is only counted.
    if (pendingBytes > maxLineBytes) pending = [];
    else if (rest.length > 0) pending.push(rest);
    if (lines.length > 0) yield lines;
  }
  if (pendingBytes > 0) yield [takeLine(Buffer.alloc(0))];
}

const withoutCarriageReturn = (bytes: Buffer): Buffer =>
  bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
