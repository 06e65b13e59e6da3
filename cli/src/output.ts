/** The one place that writes to the terminal: results to standard output, everything else to standard error. */

export const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const printLines = (lines: readonly string[]): void => {
  for (const line of lines) printLine(line);
};

export const printJson = (value: unknown): void => {
  printLine(JSON.stringify(value, null, 2));
};

export const printNote = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Replaces the last status on a terminal; elsewhere every status would stay, so none is written. */
export const showStatus = (status: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${status}`);
};

/** A reader that has seen enough, such as `head`, is no failure. */
export const endWithReader = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
};
