/** Fresh accounts, each rating some of the same courses one-sidedly, with different short texts, over days to weeks. */
import { oneOf } from '../random.mjs';
import { write } from '../texts/writing.mjs';
import { attackRow, freshAccount, ratingOf } from './attack-row.mjs';
import { timesOf } from './timing.mjs';

const HOUR_MS = 3_600_000;

export const accountFarm = {
  draw: (random, ranges) => ({
    side: oneOf(random, ['praise', 'blame']),
    accounts: oneOf(random, ranges.accounts),
    courses: oneOf(random, ranges.courses),
    share: oneOf(random, ranges.shares),
    durationMs: oneOf(random, ranges.hours) * HOUR_MS,
    shape: oneOf(random, ranges.shapes),
    ratings: oneOf(random, ranges.ratings),
    style: oneOf(random, ranges.styles),
  }),
  rowsOf: (random, parameters, targets) => {
    const { side, accounts, share, ratings, style } = parameters;
    const users = Array.from({ length: accounts }, () => freshAccount(random));
    return targets
      .flatMap((target) => {
        const writing = target.writingFor(side);
        const raters = users.filter(() => random() < share);
        const times = timesOf(random, parameters, raters.length);
        return raters.map((userId, index) =>
          attackRow(target, userId, times[index], {
            rating: ratingOf(random, side, ratings),
            content: write(random, style, writing),
          }),
        );
      })
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  },
};
