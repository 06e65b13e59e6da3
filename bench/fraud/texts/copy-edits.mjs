/** What people do to a text so that it no longer looks like the one it was copied from. */
import { integerIn, oneOf, someOf } from '../random.mjs';

const SYNONYMS = [
  ['great', 'excellent', 'fantastic', 'superb'],
  ['bad', 'poor', 'awful', 'weak'],
  ['course', 'class', 'module'],
  ['lectures', 'videos', 'sessions'],
  ['assignments', 'projects', 'homework'],
  ['very', 'really', 'extremely', 'truly'],
  ['hard', 'difficult', 'tough'],
  ['learned', 'learnt', 'picked up'],
  ['recommend', 'suggest', 'endorse'],
  ['the', 'this', 'that'],
  ['and', 'plus', '&'],
  ['staff', 'team', 'assistants'],
  ['i', 'we', 'one'],
];
const ADDED = [
  'honestly',
  'in my opinion',
  'overall',
  'again',
  'actually',
  'of course',
  'to be fair',
  'sadly',
];
const PREFIXES = ['Update:', 'Hi all,', 'As a student:', 'Edit -', 'My review:', 'Hello!', '(spring)', '>>'];
const SUFFIXES = ['Cheers', ':)', '!!!', '- a student', 'Thanks for reading.', 'Good luck!', '...', 'xx'];

const onWords = (change) => (random, text) => {
  const words = text.split(' ');
  change(random, words, integerIn(random, 0, words.length - 1));
  return words.join(' ');
};

const swapSynonym = onWords((random, words) => {
  const known = words.flatMap((word, at) => {
    const group = SYNONYMS.find((synonyms) => synonyms.includes(word.toLowerCase()));
    return group === undefined ? [] : [[at, group]];
  });
  if (known.length === 0) return;
  const [at, group] = oneOf(random, known);
  words[at] = oneOf(
    random,
    group.filter((word) => word !== words[at].toLowerCase()),
  );
});
const dropWord = onWords((_random, words, at) => words.splice(at, 1));
const addWord = onWords((random, words, at) => words.splice(at, 0, oneOf(random, ADDED)));
const swapNeighbours = onWords((_random, words, at) => {
  if (at + 1 < words.length) [words[at], words[at + 1]] = [words[at + 1], words[at]];
});
const misspell = onWords((random, words, at) => {
  const letter = integerIn(random, 0, words[at].length);
  words[at] = words[at].slice(0, letter) + words[at].slice(letter + 1);
});

const reorderSentences = (random, text) => {
  const sentences = text.split(/(?<=[.!?])\s+/);
  return someOf(random, sentences, sentences.length).join(' ');
};
const changePunctuation = (random, text) =>
  text.replace(/[.,!;:]/g, () => oneOf(random, ['.', ',', '!', '']));
const changeCase = (random, text) => (random() < 0.7 ? text.toLowerCase() : text.toUpperCase());
const addPrefix = (random, text) => `${oneOf(random, PREFIXES)} ${text}`;
const addSuffix = (random, text) => `${text} ${oneOf(random, SUFFIXES)}`;

const EDITS = {
  swapSynonym,
  dropWord,
  addWord,
  swapNeighbours,
  misspell,
  reorderSentences,
  changePunctuation,
  changeCase,
  addPrefix,
  addSuffix,
};

/** The text after `count` edits, each one of `kinds` (names in {@link EDITS}). */
export const edited = (random, text, kinds, count) => {
  let result = text;
  for (let i = 0; i < count; i++) result = EDITS[oneOf(random, kinds)](random, result);
  return result.trim() === '' ? text : result;
};
