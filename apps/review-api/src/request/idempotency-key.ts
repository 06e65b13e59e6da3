import { accept, refuse, type FieldRule } from './read-fields.js';

/** The name of the header, as clients see it in errors. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The client's name for one attempt, if it gave one. */
export const idempotencyKeyRule: FieldRule<string | undefined> = (value) => {
  if (value === undefined || value === null) return accept(undefined);
  return typeof value === 'string' && VISIBLE_ASCII.test(value)
    ? accept(value)
    : refuse('must be 1 to 255 visible ASCII characters');
};
