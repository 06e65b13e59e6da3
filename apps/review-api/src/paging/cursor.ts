import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PageKey } from '@reviews/read-model';

/** Half of an HMAC-SHA256 (RFC 2104, 5): nobody guesses 128 bits. */
const MAC_BYTES = 16;
/** More than any place takes: a title of 200 characters, each escaped, and two ids. */
export const MAX_CURSOR_LENGTH = 2_048;
export const CURSOR_PATTERN = /^[A-Za-z0-9_-]+$/;

/** What a cursor belongs to: the list and everything it was asked for, apart from how much at a time. */
export type CursorScope = readonly unknown[];

/** A place in a list, in a form that only we can make and that fits that list alone. */
export const sealCursor = (key: Uint8Array, scope: CursorScope, place: PageKey): string => {
  const payload = Buffer.from(JSON.stringify(place));
  return Buffer.concat([macOf(key, scope, payload), payload]).toString('base64url');
};

/** The place, or undefined when the text was not made for this scope with this key. */
export const openCursor = (key: Uint8Array, scope: CursorScope, text: string): PageKey | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  // Several texts decode to the same bytes: only the one that was handed out counts.
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== text) return undefined;
  const payload = bytes.subarray(MAC_BYTES);
  const isOurs = timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(key, scope, payload));
  return isOurs ? (JSON.parse(payload.toString()) as PageKey) : undefined;
};

const macOf = (key: Uint8Array, scope: CursorScope, payload: Buffer): Buffer => {
  const mac = createHmac('sha256', key);
  // JSON has no byte 0, so no scope with a payload reads like another with another.
  mac.update(JSON.stringify(scope)).update('\0').update(payload);
  return mac.digest().subarray(0, MAC_BYTES);
};
