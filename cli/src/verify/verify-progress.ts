import { SingleBar } from 'cli-progress';
import { formatCount } from '../format-number.js';
import { printNote } from '../output.js';

/** Shows how many facts have been looked at. */
export interface VerifyProgress {
  advance(facts: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 10_000;

/**
 * A bar on a terminal, a plain line now and then elsewhere.
 *
 * @param total offsets of `reviews-valid`: about as many as there are facts
 */
export const verifyProgress = (total: number): VerifyProgress =>
  process.stderr.isTTY ? bar(total) : lines(total);

const bar = (total: number): VerifyProgress => {
  const single = new SingleBar({
    format: '{bar} {percentage} % | {value} facts | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    clearOnComplete: true,
  });
  single.start(total, 0);
  return {
    advance: (facts) => {
      single.increment(facts);
    },
    stop: () => {
      single.stop();
    },
  };
};

const lines = (total: number): VerifyProgress => {
  let seen = 0;
  const timer = setInterval(() => {
    printNote(`${formatCount(seen)} of about ${formatCount(total)} facts`);
  }, LINE_EVERY_MS);
  return {
    advance: (facts) => {
      seen += facts;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
};
