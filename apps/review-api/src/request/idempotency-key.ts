import { accept, refuse, type FieldRule } from './read-fields.js';

/** The name of the header, as clients see it in errors. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;
export const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/** The client's name for one attempt, if it gave one. */
export const idempotencyKeyRule: FieldRule<string | undefined> = (value) => {
  if (value === undefined || value === null) return accept(undefined);
  return typeof value === 'string' && value.length <= MAX_IDEMPOTENCY_KEY_LENGTH && VISIBLE_ASCII.test(value)
    ? accept(value)
    : refuse(`must be 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} visible ASCII characters`);
};
