import { describe, expect, it } from '@jest/globals';
import { partitionOf, type CourseId } from '@reviews/domain';
import fc from 'fast-check';
import { FALSE_FACTS } from './testing/false-facts.js';
import { FALSE_STATISTICS } from './testing/false-statistics.js';
import { at, change } from './testing/loose-record.js';
import { verifyWorld } from './testing/verify-world.js';
import type { Wish } from './testing/wish.js';
import { DAY_MS, NOON_MS, WISHES } from './testing/wishes.js';
import { worldOf } from './testing/world.js';

/** One after the other: mostly at once, sometimes days or months later. */
const wishes = fc
  .array(
    fc.record(
      {
        course: fc.constantFrom('bread-101', 'tea-7'),
        user: fc.constantFrom('ada', 'ben', 'held-eve', 'mixed-mo'),
        rating: fc.option(fc.integer({ min: 1, max: 10 }), { freq: 4 }),
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
        importedDaysAgo: fc.option(fc.integer({ min: -1, max: 400 }), { nil: undefined, freq: 2 }),
        title: fc.constantFrom('Bread', 'Tea'),
        alsoHold: fc.constantFrom(['ada'], ['ben', 'mixed-mo']),
        redriveOrigin: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.nat(90)),
        isPoison: fc.constantFrom(true as const, ...new Array<undefined>(9).fill(undefined)),
        laterDays: fc.oneof(fc.constant(0), fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 120 })),
      },
      { requiredKeys: ['user', 'rating', 'laterDays'] },
    ),
    { minLength: 1, maxLength: 60, size: 'max' },
  )
  .map((drawn) => {
    let atMs = NOON_MS;
    return drawn.map(({ laterDays, importedDaysAgo, isPoison, redriveOrigin, ...wish }): Wish => {
      atMs += laterDays * DAY_MS + 1;
      return {
        ...wish,
        atMs,
        ...(isPoison === undefined ? {} : { isPoison }),
        ...(redriveOrigin === undefined ? {} : { redriveOrigin }),
        ...(importedDaysAgo === undefined ? {} : { importedAtMs: atMs - importedDaysAgo * DAY_MS }),
      };
    });
  });

describe('verifying a partition', () => {
  it('finds no difference in what the rules of the domain make', async () => {
    const { differences, summary } = await verifyWorld(worldOf(WISHES));
    expect(differences).toEqual([]);
    expect(summary).toMatchObject({ courses: 2, undecided: 0, uncounted: 0, outcomes: { valid: 10 } });
  });

  it('agrees with ledger and statistics of the domain over any history', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async (history) => {
        const { differences } = await verifyWorld(worldOf(history));
        expect(differences).toEqual([]);
      }),
      { seed: 5, numRuns: 300 },
    );
  }, 60_000);

  it('knows that a review dated tomorrow enters the window on its day', async () => {
    const tomorrowMs = NOON_MS + DAY_MS;
    const history: readonly Wish[] = [
      { user: 'ada', rating: 9, atMs: NOON_MS, importedAtMs: tomorrowMs },
      { course: 'tea-7', user: 'ben', rating: 9, atMs: tomorrowMs },
    ];
    const world = worldOf(history);
    expect(at(world.recent, ({ courseId }) => courseId === 'bread-101').value.halfStars9).toBe(1);
    expect((await verifyWorld(world)).differences).toEqual([]);
  });

  it('knows that the last eight attempts are remembered and no more', async () => {
    const attempts = Array.from({ length: 9 }, (_, index): Wish => ({
      user: 'ada',
      rating: (index % 2) + 1,
      atMs: NOON_MS + index,
      key: `attempt ${index}`,
    }));
    const again = (attempt: number, after: number): Wish => ({
      user: 'ada',
      rating: (attempt % 2) + 1,
      atMs: NOON_MS + after,
      key: `attempt ${attempt}`,
    });
    const known = await verifyWorld(worldOf([...attempts, again(1, 10)]));
    expect(known.differences).toEqual([]);
    expect(known.summary.outcomes).toMatchObject({ valid: 9, repeated: 1 });
    const edit: Wish = { user: 'ada', rating: 5, atMs: NOON_MS + 10 };
    const forgotten = await verifyWorld(worldOf([...attempts, edit, again(1, 11)]));
    expect(forgotten.differences).toEqual([]);
    expect(forgotten.summary.outcomes).toMatchObject({ valid: 11, repeated: 0 });
  });

  it.each([...FALSE_STATISTICS, ...FALSE_FACTS])('finds %s: %s', async (_, kind, corrupt) => {
    const world = worldOf(WISHES);
    corrupt(world);
    const { differences } = await verifyWorld(world);
    expect(differences.map((difference) => difference.kind)).toContain(kind);
    for (const { where, what } of differences) expect(`${where} ${what}`).not.toContain('undefined');
  });

  it('finds a course in the wrong partition', async () => {
    const strayed =
      ['a', 'b', 'c', 'd', 'e'].find((course) => partitionOf(course as CourseId, 2) === 1) ?? '';
    const home = ['a', 'b', 'c', 'd', 'e'].find((course) => partitionOf(course as CourseId, 2) === 0) ?? '';
    const wishes = [home, strayed].map((course): Wish => ({ course, user: 'ada', rating: 9, atMs: NOON_MS }));
    const { differences } = await verifyWorld(worldOf(wishes, 2));
    expect(differences.filter(({ kind }) => kind === 'wrong-partition').map(({ where }) => where)).toContain(
      'reviews-valid/0/2',
    );
  });

  it('does not take what nobody has decided or counted yet for a difference', async () => {
    const world = worldOf(WISHES);
    const later = worldOf([...WISHES, { user: 'jon', rating: 1, atMs: NOON_MS + 62 * DAY_MS }]);
    world.reviews.push(...later.reviews.slice(world.reviews.length));
    const { differences, summary } = await verifyWorld(world);
    expect(differences).toEqual([]);
    expect(summary.undecided).toBe(1);
    const uncounted = worldOf(WISHES);
    uncounted.reviews.splice(0, Infinity, ...later.reviews);
    uncounted.valid.splice(0, Infinity, ...later.valid);
    const counted = await verifyWorld(uncounted);
    expect(counted.differences).toEqual([]);
    expect(counted.summary.uncounted).toBe(later.valid.length - world.valid.length);
  });

  it('says of an unreadable command without a letter that its letter may be deleted, when letters of its age are', async () => {
    const world = worldOf(WISHES);
    world.letters.pop();
    world.lettersLow = 1;
    const { differences, summary } = await verifyWorld(world);
    expect(differences).toEqual([]);
    expect(summary.outcomes['expired-letter']).toBe(1);
  });

  it('lets a course wait for the sweep of a day that is not said to be done', async () => {
    const early: readonly Wish[] = [
      { course: 'tea-7', user: 'fay', rating: 10, atMs: NOON_MS },
      { user: 'ada', rating: 9, atMs: NOON_MS + 95 * DAY_MS },
    ];
    const [before, after] = [worldOf(early.slice(0, 1)), worldOf(early)];
    const stale = at(before.recent, ({ courseId }) => courseId === 'tea-7').value;
    change(
      at(after.recent, ({ courseId }) => courseId === 'tea-7'),
      stale,
    );
    const row = after.rows.findIndex(({ courseId }) => courseId === 'tea-7');
    after.rows.splice(row, 1, ...before.rows);
    expect((await verifyWorld(after)).differences.map(({ kind }) => kind)).toEqual([
      'wrong-version',
      'wrong-version',
    ]);
    change(
      at(after.progress, () => true),
      { day: stale.day },
    );
    expect((await verifyWorld(after)).differences).toEqual([]);
  });
});
