const BYTES_PER_LINE = 16;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/**
 * Bytes as lines: position, 16 bytes in hexadecimal, the same as text where it can be printed.
 *
 * @param limit how many bytes are shown at most
 */
export const hexDump = (bytes: Buffer, limit = Number.POSITIVE_INFINITY): readonly string[] => {
  const shown = bytes.subarray(0, Math.min(limit, bytes.length));
  const lines: string[] = [];
  for (let start = 0; start < shown.length; start += BYTES_PER_LINE) {
    const line = shown.subarray(start, start + BYTES_PER_LINE);
    const hex = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(
      `${start.toString(16).padStart(8, '0')}  ${hex.padEnd(3 * BYTES_PER_LINE - 1)}  ${printable(line)}`,
    );
  }
  if (shown.length < bytes.length) lines.push(`… ${bytes.length - shown.length} more bytes`);
  return lines;
};

/** Text that a terminal can show; what else there is, as dots. */
const printable = (bytes: Buffer): string =>
  [...bytes]
    .map((byte) => (byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE ? String.fromCharCode(byte) : '.'))
    .join('');

/** The bytes as UTF-8 text when all of it can be printed, else undefined. */
export const textOfBytes = (bytes: Buffer): string | undefined => {
  const text = bytes.toString('utf8');
  // Control characters could steer the terminal; a replacement character was no text.
  return /[\p{Cc}\uFFFD]/u.test(text.replace(/[\t\n\r]/g, '')) ? undefined : text;
};
