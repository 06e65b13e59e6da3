/** A few reviews of one side a week over months: never a burst, and in the end a different average. */
import { integerIn, oneOf } from '../random.mjs';
import { write } from '../texts/writing.mjs';
import { attackRow, freshAccount, ratingOf } from './attack-row.mjs';
import { timesOf } from './timing.mjs';

const WEEK_MS = 7 * 86_400_000;

export const slowDrip = {
  draw: (random, { perWeek, weeks, ratings, styles }) => ({
    side: oneOf(random, ['praise', 'blame']),
    perWeek: oneOf(random, perWeek),
    weeks: oneOf(random, weeks),
    ratings: oneOf(random, ratings),
    style: oneOf(random, styles),
  }),
  rowsOf: (random, { side, perWeek, weeks, ratings, style, startMs }, [target]) => {
    const writing = target.writingFor(side);
    const times = Array.from({ length: weeks }, (_, week) => {
      const within = { startMs: startMs + week * WEEK_MS, durationMs: WEEK_MS, shape: 'even' };
      return timesOf(random, within, Math.max(1, perWeek + integerIn(random, -1, 1)));
    }).flat();
    return times.map((timeMs) =>
      attackRow(target, freshAccount(random), timeMs, {
        rating: ratingOf(random, side, ratings),
        content: write(random, style, writing),
      }),
    );
  },
};
