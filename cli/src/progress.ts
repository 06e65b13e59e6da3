import { SingleBar } from 'cli-progress';
import { printNote } from './output.js';

/** Shows how much of long work is done. */
export interface Progress {
  advance(amount: number): void;
  stop(): void;
}

/** How it is shown. */
export interface ProgressForm {
  /** Of a bar, in the words of cli-progress. */
  readonly bar: string;
  /** Of a line, where there is no terminal. */
  readonly line: (done: number, total: number) => string;
}

const LINE_EVERY_MS = 10_000;

/**
 * A bar on a terminal, a plain line now and then elsewhere.
 *
 * @param total undefined when nobody knows: then nothing is shown
 */
export const showProgress = (total: number | undefined, form: ProgressForm): Progress => {
  if (total === undefined || total === 0) return { advance: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar(total, form) : lines(total, form);
};

const bar = (total: number, { bar: format }: ProgressForm): Progress => {
  const single = new SingleBar({
    format,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    clearOnComplete: true,
  });
  single.start(total, 0);
  return {
    advance: (amount) => {
      single.increment(amount);
    },
    stop: () => {
      single.stop();
    },
  };
};

const lines = (total: number, { line }: ProgressForm): Progress => {
  let done = 0;
  const timer = setInterval(() => {
    printNote(line(done, total));
  }, LINE_EVERY_MS);
  return {
    advance: (amount) => {
      done += amount;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
};
