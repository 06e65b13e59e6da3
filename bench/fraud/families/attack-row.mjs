/** One posted review of an attack, in the form of the data file. */
import { oneOf, weighted } from '../random.mjs';

const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ID_LENGTH = 16;

/** A fresh account, named like those of the data file: its name gives nobody away. */
export const freshAccount = (random) =>
  `anon-${Array.from({ length: ID_LENGTH }, () => oneOf(random, ID_CHARACTERS)).join('')}`;

/** A rating in stars. @param ratings weights of what praises; blame is the mirror image */
export const ratingOf = (random, side, ratings) => {
  const praising = weighted(random, ratings);
  return side === 'praise' ? praising : 6 - praising;
};

export const attackRow = ({ courseId, courseTitle }, userId, timeMs, { rating, content }) => ({
  courseId,
  courseTitle,
  userId,
  rating,
  createdAt: new Date(timeMs).toISOString(),
  ...(content === null ? {} : { content }),
});
