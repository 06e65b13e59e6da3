/** Promotion and demotion: many reviews of one side on one course in a short time, each with a text of its own. */
import { oneOf } from '../random.mjs';
import { write } from '../texts/writing.mjs';
import { attackRow, freshAccount, ratingOf } from './attack-row.mjs';
import { timesOf } from './timing.mjs';

const HOUR_MS = 3_600_000;

const wave = (side) => ({
  draw: (random, { counts, hours, shapes, ratings, styles }) => ({
    side,
    count: oneOf(random, counts),
    durationMs: oneOf(random, hours) * HOUR_MS,
    shape: oneOf(random, shapes),
    ratings: oneOf(random, ratings),
    style: oneOf(random, styles),
  }),
  rowsOf: (random, parameters, [target]) => {
    const writing = target.writingFor(side);
    return timesOf(random, parameters, parameters.count).map((timeMs) =>
      attackRow(target, freshAccount(random), timeMs, {
        rating: ratingOf(random, side, parameters.ratings),
        content: write(random, parameters.style, writing),
      }),
    );
  },
});

export const promotion = wave('praise');
export const demotion = wave('blame');
