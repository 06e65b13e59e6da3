/** Review texts in the manner of the people who are paid for them. `side` is `praise` or `blame`. */
import { integerIn, oneOf, someOf } from '../random.mjs';
import { expand } from './grammar.mjs';

const FILLERS = ['tbh', 'imho', 'lol', 'so yeah', 'anyway', 'not gonna lie', 'just saying', 'ymmv'];
const TOPICS = ['Lectures', 'Projects', 'Exams', 'Staff', 'Workload', 'Value', 'Grading'];

const sentences = (random, { opening, body, closing }, title, count) =>
  [oneOf(random, opening), ...someOf(random, body, count), oneOf(random, closing)].map((pattern) =>
    expand(random, pattern, title),
  );

const plain = (random, { phrases, title }) =>
  sentences(random, phrases, title, integerIn(random, 1, 4)).join(' ');

const terse = (random, { phrases, title }) =>
  someOf(random, phrases.short, integerIn(random, 1, 2))
    .map((pattern) => expand(random, pattern, title))
    .join(' ');

const structured = (random, { phrases, title }) => {
  const said = someOf(random, phrases.body, integerIn(random, 2, 4));
  const topics = someOf(random, TOPICS, said.length);
  return said.map((pattern, index) => `${topics[index]}: ${expand(random, pattern, title)}`).join('\n');
};

const chatty = (random, context) =>
  plain(random, context)
    .split(' ')
    .map((word) => (random() < 0.06 ? `${word} ${oneOf(random, FILLERS)}` : word))
    .join(' ')
    .toLowerCase();

const long = (random, { phrases, title }) => {
  const all = sentences(random, phrases, title, integerIn(random, 6, 9));
  const half = Math.ceil(all.length / 2);
  return `${all.slice(0, half).join(' ')}\n\n${all.slice(half).join(' ')}`;
};

/** Own sentences among some that others wrote of other courses, as a scraper or a language model would mix them. */
const blended = (random, { phrases, title, borrowed }) => {
  const own = sentences(random, phrases, title, integerIn(random, 1, 2));
  const taken = someOf(random, borrowed, integerIn(random, 2, 4));
  return someOf(random, [...own, ...taken], own.length + taken.length).join(' ');
};

/** Nothing of one's own: sentences that honest people wrote of other courses. */
const collage = (random, { borrowed, ...rest }) =>
  borrowed.length === 0 ? plain(random, rest) : someOf(random, borrowed, integerIn(random, 2, 5)).join(' ');

/** Words that follow each other somewhere in what honest people wrote: hardly two texts share a phrase. */
const babble = (random, { borrowed, ...rest }) => {
  if (borrowed.length === 0) return plain(random, rest);
  const { words, followers } = chainOf(borrowed);
  let at = integerIn(random, 0, words.length - 1);
  return Array.from({ length: integerIn(random, 20, 110) }, () => {
    const word = words[at];
    at = (oneOf(random, followers.get(word)) + 1) % words.length;
    return word;
  }).join(' ');
};

/** The texts of one attack borrow from the same sentences, and reading those takes longer than writing. */
const chains = new WeakMap();
const chainOf = (borrowed) => {
  const known = chains.get(borrowed);
  if (known !== undefined) return known;
  const words = borrowed.join(' ').split(/\s+/);
  const chain = { words, followers: Map.groupBy(words.keys(), (at) => words[at]) };
  chains.set(borrowed, chain);
  return chain;
};

const silent = () => null;

const STYLES = { plain, terse, structured, chatty, long, blended, collage, babble, silent };

/** A text in one of the styles of {@link STYLES}, by name. */
export const write = (random, style, context) => STYLES[style](random, context);
