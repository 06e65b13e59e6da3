import { SingleBar } from 'cli-progress';

/** Shows how much of a file is sent. */
export interface ImportProgress {
  advance(bytes: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 10_000;

/**
 * A bar on a terminal, a plain line now and then elsewhere.
 *
 * @param totalBytes undefined when nobody knows: then nothing is shown
 */
export const importProgress = (totalBytes: number | undefined): ImportProgress => {
  if (totalBytes === undefined || totalBytes === 0)
    return { advance: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar(totalBytes) : lines(totalBytes);
};

const bar = (totalBytes: number): ImportProgress => {
  const single = new SingleBar({
    format: '{bar} {percentage} % | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    clearOnComplete: true,
  });
  single.start(totalBytes, 0);
  return {
    advance: (bytes) => {
      single.increment(bytes);
    },
    stop: () => {
      single.stop();
    },
  };
};

const lines = (totalBytes: number): ImportProgress => {
  let sentBytes = 0;
  const timer = setInterval(() => {
    process.stderr.write(`${Math.floor((100 * sentBytes) / totalBytes)} % sent\n`);
  }, LINE_EVERY_MS);
  return {
    advance: (bytes) => {
      sentBytes += bytes;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
};
