/** U+0000 is the one character of Unicode that PostgreSQL cannot store. Half a surrogate pair the client replaces itself. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

export const storableTextOrNull = (text: string | null): string | null =>
  text === null ? null : storableText(text);

/** A time as PostgreSQL reads it. */
export const toTimestamp = (timeMs: number | null): string | null =>
  timeMs === null ? null : new Date(timeMs).toISOString();

/** An array as PostgreSQL reads it from text: `unnest` would take an array of arrays apart down to its single elements. */
export const toArrayLiteral = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${storableText(text).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
