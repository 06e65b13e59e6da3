import pc from 'picocolors';

/** What `npm start` shows: plain lines, coloured on a terminal that wants it. */
export interface Console {
  line(text: string): void;
  /** A part that came up, after how long, and where it is. */
  ready(title: string, tookMs: number, address: string): void;
  stopped(title: string, tookMs: number): void;
  warn(text: string): void;
  error(text: string): void;
}

export function createConsole(): Console {
  // Output that nobody reads any more (`npm start | head -1`) is no reason to stop.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const line = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    line,
    ready: (title, tookMs, address) => {
      const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
      line(`  ${title.padEnd(26)} ${pc.green('ready')} in ${seconds.padEnd(7)} ${pc.dim(address)}`.trimEnd());
    },
    stopped: (title, tookMs) => {
      line(`  ${title.padEnd(26)} stopped in ${(tookMs / 1_000).toFixed(1)} s`);
    },
    warn: (text) => {
      line(`  ${pc.yellow(text)}`);
    },
    error: (text) => {
      process.stderr.write(`${pc.red(text)}\n`);
    },
  };
}
