import fc from 'fast-check';
import { DAY_MS } from './naive-statistics.js';

export const USERS = ['ann', 'bob', 'cid', 'dot', 'eve'];

export interface Address {
  readonly courseId: string;
  readonly userId: string;
}

export const COURSES = ['algebra', 'botany', 'civics'];

/** Every review there can be. */
export const ADDRESSES: readonly Address[] = COURSES.flatMap((courseId) =>
  USERS.map((userId) => ({ courseId, userId })),
);

/** Something that happens to a partition. Which review it happens to is drawn relative to what there is. */
export type Operation =
  | Submission
  | { readonly kind: 'withdraw'; readonly review: number }
  | { readonly kind: 'same-again'; readonly pick: number; readonly imported: boolean }
  | { readonly kind: 'retry'; readonly ago: number }
  | { readonly kind: 'retry-withdrawal'; readonly ago: number }
  | { readonly kind: 'redrive'; readonly ago: number }
  | { readonly kind: 'roll'; readonly days: number; readonly sweep: Sweep }
  | { readonly kind: 'pause'; readonly days: number }
  | { readonly kind: 'restart' };

export interface Submission {
  /**
   * `add` any review, which edits it when it is there; `edit` one that is live; `reassess` one to the other verdict;
   * `dead-letter` what cannot be read at first, half of the time about the same review as the dead letter before.
   */
  readonly kind: 'add' | 'edit' | 'reassess' | 'dead-letter';
  readonly pick: number;
  readonly halfStars: number;
  readonly content: string | null;
  readonly courseTitle: string | null;
  readonly held: boolean;
  /** One bit for each user whose review of the same course is held, too. */
  readonly alsoHold: number;
  /** Null for what a learner posts. */
  readonly imported: { readonly date: ImportDate | null } | null;
}

/** The date of an imported row, relative to the broker's day. */
export interface ImportDate {
  readonly daysAgo: number;
  readonly msOfDay: number;
}

/** Whether the task dies between the steps of the sweep. */
type Sweep = 'later' | 'over restarts';

/** An operation, and how long after the last one it comes. */
export interface Step {
  readonly passMs: number | 'to midnight' | 'to just before midnight';
  /** Offsets of `reviews-valid` before it that hold no fact. */
  readonly gap: number;
  readonly operation: Operation;
}

/** The days around the ends of the window, where mistakes hide, then any up to 400 days ago. */
const daysAgo = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(-2, -1, -1, 0, 1, 88, 89, 90, 91) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 95 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 1, arbitrary: fc.integer({ min: -30, max: -1 }) },
);
const date = fc.record({
  daysAgo,
  msOfDay: fc.oneof(fc.constantFrom(0, DAY_MS - 1), fc.nat(DAY_MS - 1)),
});

const submission = (kind: Submission['kind']): fc.Arbitrary<Submission> =>
  fc.record({
    kind: fc.constant(kind),
    pick: fc.nat(1_000),
    halfStars: fc.integer({ min: 1, max: 10 }),
    content: fc.constantFrom(null, 'short', 'long'),
    courseTitle: fc.constantFrom(null, null, null, 'A', 'B'),
    held: fc.constantFrom(false, false, false, true),
    alsoHold: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(2 ** USERS.length - 1)),
    imported: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant({ date: null }) },
      { weight: 5, arbitrary: fc.record({ date }) },
    ),
  });

const ago = fc.oneof(fc.nat(12), fc.nat(60));
const weighted = <Value>(weight: number, arbitrary: fc.Arbitrary<Value>) => ({ weight, arbitrary });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  weighted(30, submission('add')),
  weighted(10, submission('edit')),
  weighted(6, submission('reassess')),
  weighted(3, submission('dead-letter')),
  weighted(14, fc.record({ kind: fc.constant('withdraw' as const), review: fc.nat(1_000) })),
  weighted(
    6,
    fc.record({ kind: fc.constant('same-again' as const), pick: fc.nat(1_000), imported: fc.boolean() }),
  ),
  weighted(8, fc.record({ kind: fc.constant('retry' as const), ago })),
  weighted(4, fc.record({ kind: fc.constant('retry-withdrawal' as const), ago })),
  weighted(4, fc.record({ kind: fc.constant('redrive' as const), ago: fc.constantFrom(0, 0, 1, 1, 2, 5) })),
  weighted(
    8,
    fc.record({
      kind: fc.constant('roll' as const),
      days: fc.oneof(fc.constantFrom(1, 1, 1, 2, 89, 90, 91), fc.integer({ min: 1, max: 100 })),
      sweep: fc.constantFrom<Sweep>('later', 'later', 'later', 'over restarts'),
    }),
  ),
  weighted(3, fc.record({ kind: fc.constant('pause' as const), days: fc.integer({ min: 1, max: 40 }) })),
  weighted(2, fc.record({ kind: fc.constant('restart' as const) })),
);

const step: fc.Arbitrary<Step> = fc.record({
  // A broker's clock may step back.
  passMs: fc.oneof(
    weighted(6, fc.constantFrom<Step['passMs']>(0, 1, 1_000, 60_000)),
    weighted(3, fc.integer({ min: -3_600_000, max: 6 * 3_600_000 })),
    weighted(1, fc.constantFrom<Step['passMs']>('to midnight', 'to just before midnight')),
  ),
  gap: fc.constantFrom(0, 0, 1, 2),
  operation,
});

/** Sequences of exactly so many operations. */
export const stepsOf = (count: number): fc.Arbitrary<readonly Step[]> =>
  fc.noBias(fc.array(step, { minLength: count, maxLength: count, size: 'max' }));
