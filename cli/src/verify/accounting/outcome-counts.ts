import type { NoChange } from './review-account.js';

/** What became of a command. */
export type Outcome =
  | 'valid'
  | 'held'
  | NoChange
  | 'dead-letter'
  /** It cannot be read, and dead letters of its age are deleted. */
  | 'expired-letter'
  /** Nothing, although it should have changed something. */
  | 'lost';

/** How many commands had which outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export const NO_OUTCOMES: OutcomeCounts = {
  valid: 0,
  held: 0,
  repeated: 0,
  overtaken: 0,
  'nothing-to-withdraw': 0,
  'older-import': 0,
  'same-content': 0,
  'dead-letter': 0,
  'expired-letter': 0,
  lost: 0,
};
