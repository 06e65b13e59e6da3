/**
 * A position in a partition. Always a safe integer: Kafka's 64-bit offsets reach 2^53 after 285 years at a million
 * records a second, and numbers need no conversion in JSON, Avro or SQL (docs/adr/0004).
 */
export type Offset = number & { readonly __brand: 'Offset' };

/** The offset a broker wrote as text. @throws RangeError when it is not a safe integer */
export const parseOffset = (text: string): Offset => {
  const offset = Number(text);
  if (!Number.isSafeInteger(offset)) throw new RangeError(`Not an offset: ${text}`);
  return offset as Offset;
};

export const offsetOf = (value: number): Offset => value as Offset;

/** Kafka commits the next offset to read, not the last one read. */
export const nextOffset = (offset: Offset): Offset => (offset + 1) as Offset;
