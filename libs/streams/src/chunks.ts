/** How large a chunk may become; an item that is larger on its own goes alone. */
export interface ChunkLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Splits items, in order, into chunks within the limits. */
export function* chunked<T>(
  items: readonly T[],
  { maxItems, maxBytes }: ChunkLimits,
  bytesOf: (item: T) => number,
): Generator<readonly T[]> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (chunk.length > 0 && (chunk.length === maxItems || bytes + size > maxBytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
