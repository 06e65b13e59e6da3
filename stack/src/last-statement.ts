/** The last line that is not the tail of a stack trace, which is indented. */
export function lastStatementIn(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => /^\S/.test(line) && !/^Node\.js v/.test(line))
    .at(-1);
}
