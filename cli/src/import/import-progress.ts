import { SingleBar } from 'cli-progress';

/** Shows how much of a file is sent. */
export interface ImportProgress {
  advance(bytes: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 10_000;

/**
 * A bar on a terminal, a line now and then elsewhere.
 *
 * @param totalBytes undefined when nobody knows: then nothing is shown
 */
export const importProgress = (totalBytes: number | undefined): ImportProgress => {
  if (totalBytes === undefined || totalBytes === 0)
    return { advance: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
  });
  bar.start(totalBytes, 0);
  return {
    advance: (bytes) => {
      bar.increment(bytes);
    },
    stop: () => {
      bar.stop();
    },
  };
};
