/** First byte of each value in a course's memory. Another one is of another version and counts as not remembered. */
const FORMAT = 1;

/** What follows the format byte, or undefined when there is nothing that this version could read. */
export const bodyOf = (value: Uint8Array | undefined): DataView | undefined =>
  value?.[0] === FORMAT ? new DataView(value.buffer, value.byteOffset + 1, value.byteLength - 1) : undefined;

/** A value of `byteLength` bytes after its format byte, and a view on these. */
export const newValue = (byteLength: number): { readonly value: Uint8Array; readonly body: DataView } => {
  const value = new Uint8Array(byteLength + 1);
  value[0] = FORMAT;
  return { value, body: new DataView(value.buffer, 1) };
};

/** Keys made once: they are asked for with each review. */
export const keysOf = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index}`);

/** The non-negative remainder, also of a negative number. */
export const slotOf = (index: number, slots: number): number => ((index % slots) + slots) % slots;

/** Writes an ASCII text behind its length, a byte. @returns where the next thing goes */
export const putAscii = (body: DataView, at: number, text: string): number => {
  body.setUint8(at, text.length);
  for (let i = 0; i < text.length; i++) body.setUint8(at + 1 + i, text.charCodeAt(i));
  return at + 1 + text.length;
};

export const asciiAt = (body: DataView, at: number, length: number): string => {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(body.getUint8(at + i));
  return text;
};

/** Whether {@link putAscii} wrote that text there. */
export const isAscii = (body: DataView, at: number, text: string): boolean => {
  if (body.getUint8(at) !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (body.getUint8(at + 1 + i) !== text.charCodeAt(i)) return false;
  return true;
};
