import { accept, refuse, type FieldRule } from '../request/read-fields.js';
import { TEXT_PATTERN } from '../request/review-rules.js';
import { CURSOR_PATTERN, MAX_CURSOR_LENGTH } from './cursor.js';

/** How many entries a page has when the client does not say. */
export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;
/** In characters, which are code points. */
export const MAX_QUERY_LENGTH = 200;

const WHOLE_NUMBER = /^[1-9]\d{0,2}$/;

const limitRule: FieldRule<number> = (value) => {
  if (value === undefined) return accept(DEFAULT_LIMIT);
  const limit = typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : Number.NaN;
  return limit <= MAX_LIMIT ? accept(limit) : refuse(`must be a whole number from 1 to ${MAX_LIMIT}`);
};

const cursorRule: FieldRule<string | undefined> = (value) => {
  if (value === undefined) return accept(undefined);
  return typeof value === 'string' && value.length <= MAX_CURSOR_LENGTH && CURSOR_PATTERN.test(value)
    ? accept(value)
    : refuse('must be the nextCursor of a page');
};

const searchRule: FieldRule<string | null> = (value) => {
  if (value === undefined) return accept(null);
  if (typeof value !== 'string' || value === '' || Array.from(value).length > MAX_QUERY_LENGTH)
    return refuse(`must be 1 to ${MAX_QUERY_LENGTH} characters`);
  return TEXT_PATTERN.test(value) ? accept(value) : refuse('must not contain the character U+0000');
};

/** One of some words; the first when the client does not say. */
export const choiceRule =
  <Choice extends string>(choices: readonly [Choice, ...Choice[]]): FieldRule<Choice> =>
  (value) => {
    if (value === undefined) return accept(choices[0]);
    const choice = choices.find((candidate) => candidate === value);
    return choice === undefined ? refuse(`must be one of ${choices.join(', ')}`) : accept(choice);
  };

/** What every list can be asked for. */
export const pageRules = { q: searchRule, limit: limitRule, cursor: cursorRule } as const;
