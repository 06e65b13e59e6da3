import type { Wish } from './wish.js';

export const DAY_MS = 86_400_000;
export const NOON_MS = Date.UTC(2026, 1, 27, 12);

/** Everything that can happen to a review, over a few days. */
export const WISHES: readonly Wish[] = [
  { user: 'ada', rating: 9, atMs: NOON_MS, title: 'Bread Chemistry' },
  { user: 'ben', rating: 2, atMs: NOON_MS + 1 },
  { user: 'held-eve', rating: 10, atMs: NOON_MS + 2 },
  { user: 'ada', rating: 8, atMs: NOON_MS + 3 },
  { user: 'ada', rating: 8, atMs: NOON_MS + 4 },
  { user: 'cyd', rating: 4, atMs: NOON_MS + 5, key: 'once' },
  { user: 'cyd', rating: 4, atMs: NOON_MS + 6, key: 'once' },
  { user: 'dan', rating: 7, atMs: NOON_MS + 7, importedAtMs: NOON_MS - 30 * DAY_MS },
  { user: 'dan', rating: 6, atMs: NOON_MS + 8, importedAtMs: NOON_MS - 40 * DAY_MS },
  { user: 'ben', rating: null, atMs: NOON_MS + 9 },
  { user: 'ben', rating: null, atMs: NOON_MS + 10 },
  { user: 'poe', rating: 3, atMs: NOON_MS + 11, isPoison: true },
  { user: 'held-eve', rating: 1, atMs: NOON_MS + DAY_MS },
  { user: 'held-eve', rating: null, atMs: NOON_MS + DAY_MS + 1 },
  { user: 'ben', rating: 5, atMs: NOON_MS + DAY_MS + 2 },
  { course: 'tea-7', user: 'fay', rating: 10, atMs: NOON_MS + DAY_MS + 3 },
  { course: 'tea-7', user: 'gus', rating: 10, atMs: NOON_MS + DAY_MS + 4 },
  { course: 'tea-7', user: 'held-hal', rating: 10, atMs: NOON_MS + DAY_MS + 5, alsoHold: ['fay', 'gus'] },
  { user: 'ben', rating: 3, atMs: NOON_MS + DAY_MS + 6, redriveOrigin: 11 },
  { user: 'ivy', rating: 3, atMs: NOON_MS + 61 * DAY_MS },
];
