/** One text or a few, posted by different users with small edits. */
import { integerIn, oneOf } from '../random.mjs';
import { edited } from '../texts/copy-edits.mjs';
import { write } from '../texts/writing.mjs';
import { attackRow, freshAccount, ratingOf } from './attack-row.mjs';
import { timesOf } from './timing.mjs';

const HOUR_MS = 3_600_000;

export const copyPaste = {
  draw: (random, ranges) => ({
    side: oneOf(random, ['praise', 'blame']),
    count: oneOf(random, ranges.counts),
    durationMs: oneOf(random, ranges.hours) * HOUR_MS,
    shape: oneOf(random, ranges.shapes),
    ratings: oneOf(random, ranges.ratings),
    style: oneOf(random, ranges.styles),
    originals: oneOf(random, ranges.originals),
    origin: oneOf(random, ranges.origins),
    edits: oneOf(random, ranges.edits),
    kinds: ranges.kinds,
  }),
  rowsOf: (random, parameters, [target]) => {
    const { side, count, ratings, originals, edits, kinds } = parameters;
    const texts = Array.from({ length: originals }, () => originalOf(random, parameters, target));
    return timesOf(random, parameters, count).map((timeMs) =>
      attackRow(target, freshAccount(random), timeMs, {
        rating: ratingOf(random, side, ratings),
        content: edited(random, oneOf(random, texts), kinds, integerIn(random, 0, edits)),
      }),
    );
  },
};

/** A text of one's own, or one that somebody honest wrote of this course before. */
const originalOf = (random, { side, style, origin, startMs }, target) => {
  const honest = target.textsBefore(side, startMs);
  return origin === 'stolen' && honest.length > 0
    ? oneOf(random, honest)
    : write(random, style, target.writingFor(side));
};
