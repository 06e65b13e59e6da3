import { formatCount } from '../format-number.js';
import { printNote, showStatus } from '../output.js';

/** Shows that long work goes on. */
export interface LetterProgress {
  advance(): void;
  stop(): void;
}

const STATUS_EVERY_MS = 200;
const LINE_EVERY_MS = 10_000;

/**
 * A status on a terminal, a line now and then elsewhere.
 *
 * @param done what is being counted, for example `read`
 */
export const letterProgress = (done: string): LetterProgress => {
  let count = 0;
  const text = (): string => `${formatCount(count)} letters ${done}`;
  const { isTTY } = process.stderr;
  const timer = setInterval(
    () => {
      if (isTTY) showStatus(text());
      else printNote(text());
    },
    isTTY ? STATUS_EVERY_MS : LINE_EVERY_MS,
  );
  return {
    advance() {
      count += 1;
    },
    stop() {
      clearInterval(timer);
      showStatus('');
    },
  };
};
