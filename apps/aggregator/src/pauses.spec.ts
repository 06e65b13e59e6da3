import { describe, expect, it } from '@jest/globals';
import { type CountedReview, type ReviewFact } from '@reviews/domain';
import fc from 'fast-check';
import { naiveCourses, type NaiveStatistic } from '../../../test/oracle/naive-statistics.js';
import {
  aggregatorUnderTest,
  histogramOf,
  type AggregatorUnderTest,
} from './testing/aggregator-under-test.js';
import { changed, dayStarted, reviewOf } from './testing/facts.js';

const CAMPAIGN = { numRuns: 200, seed: 1 };
const FIRST_DAY = 20_000;
const COURSES = ['a', 'b', 'c', 'd'];

/** What happens in the log; reviews are dated relative to the day reached, which one changes is drawn. */
type Happening =
  | { readonly kind: 'day'; readonly days: number }
  | { readonly kind: 'review'; readonly course: string; readonly daysAgo: number; readonly rating: number }
  | { readonly kind: 'edit' | 'withdraw'; readonly pick: number; readonly rating: number };

const ratings = fc.integer({ min: 1, max: 5 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('day' as const),
      days: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 120 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('review' as const),
      course: fc.constantFrom(...COURSES),
      daysAgo: fc.oneof(fc.constantFrom(-2, -1, 0, 1, 88, 89, 90), fc.integer({ min: 0, max: 100 })),
      rating: ratings,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit' as const, 'withdraw' as const),
      pick: fc.nat(),
      rating: ratings,
    }),
  },
);

/** What the aggregator's process does after a fact. */
type Turn = 'read on' | 'step' | 'sweep' | 'restart';
const turns: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('read on' as const) },
  { weight: 3, arbitrary: fc.constant('step' as const) },
  { weight: 1, arbitrary: fc.constant('sweep' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);
const history = fc.array(happening, { minLength: 20, maxLength: 60, size: 'max' });
/** One for each fact and more, or everything behind the last of them would be one transaction. */
const turnsOfAll = fc.noBias(fc.array(turns, { minLength: 61, maxLength: 61, size: 'max' }));
const sweepSteps = fc.integer({ min: 1, max: 3 });

describe('days without the aggregator', () => {
  it('leave no trace: read late, in any transactions and steps, the facts come to what an oracle makes of them', () => {
    fc.assert(
      fc.property(history, turnsOfAll, sweepSteps, (drawn, afterEach, sweepStep) => {
        const facts = factsOf(drawn);
        const aggregator = aggregatorUnderTest(sweepStep);
        run(aggregator, facts, afterEach);
        expect(lastPublished(aggregator)).toEqual(expectedOf(facts));
      }),
      CAMPAIGN,
    );
  });

  it('lead to the state that was there without them', () => {
    fc.assert(
      fc.property(history, turnsOfAll, (drawn, afterEach) => {
        const facts = factsOf(drawn);
        const paused = aggregatorUnderTest(1);
        run(paused, facts, afterEach);
        const prompt = aggregatorUnderTest(1);
        run(prompt, facts, new Array<Turn>(facts.length).fill('sweep'));
        expect(stateOf(paused)).toEqual(stateOf(prompt));
        expect(paused.driver.partitionState).toEqual(prompt.driver.partitionState);
      }),
      CAMPAIGN,
    );
  });

  it('never make a version go back', () => {
    fc.assert(
      fc.property(history, turnsOfAll, (drawn, afterEach) => {
        const aggregator = aggregatorUnderTest(1);
        run(aggregator, factsOf(drawn), afterEach);
        const versions = new Map<string, number>();
        for (const { topic, statistics } of aggregator.published) {
          const name = `${topic} ${statistics.courseId}`;
          expect(statistics.version).toBeGreaterThan(versions.get(name) ?? -1);
          versions.set(name, statistics.version);
        }
      }),
      CAMPAIGN,
    );
  });
});

/** Hands the facts over, in transactions that end where the turn of a fact says so. */
const run = (
  aggregator: AggregatorUnderTest,
  facts: readonly ReviewFact[],
  afterEach: readonly Turn[],
): void => {
  let waiting: ReviewFact[] = [];
  const handOver = (): void => {
    if (waiting.length > 0) aggregator.pipe(...waiting);
    waiting = [];
  };
  for (const [index, fact] of facts.entries()) {
    waiting.push(fact);
    const turn = afterEach[index] ?? 'read on';
    if (turn === 'read on') continue;
    handOver();
    if (turn === 'step') aggregator.step();
    if (turn === 'sweep') aggregator.sweep();
    if (turn === 'restart') aggregator.driver.restart();
  }
  handOver();
  aggregator.sweep();
};

const factsOf = (happenings: readonly Happening[]): readonly ReviewFact[] => {
  let day = FIRST_DAY;
  const live: { readonly course: string; readonly user: string; review: CountedReview | null }[] = [];
  const facts: ReviewFact[] = [dayStarted(day)];
  for (const drawn of happenings) {
    if (drawn.kind === 'day') {
      day += drawn.days;
      facts.push(dayStarted(day));
    } else if (drawn.kind === 'review') {
      const review = reviewOf(drawn.rating, day - drawn.daysAgo);
      const user = `user-${live.length}`;
      live.push({ course: drawn.course, user, review });
      facts.push(changed(drawn.course, null, review, user));
    } else {
      const picked = live[drawn.pick % live.length];
      if (picked === undefined || picked.review === null) continue;
      const { halfStars } = reviewOf(drawn.rating, day);
      const after = drawn.kind === 'edit' ? { ...picked.review, halfStars } : null;
      facts.push(changed(picked.course, picked.review, after, picked.user));
      picked.review = after;
    }
  }
  return facts;
};

type Numbers = Omit<NaiveStatistic, 'updatedAtMs'>;

/** The last statistic published of each course, as the oracle would say it. */
const lastPublished = ({ published }: AggregatorUnderTest): ReadonlyMap<string, Numbers> =>
  new Map(
    published.map(({ topic, statistics }) => [
      `${topic} ${statistics.courseId}`,
      {
        histogram: histogramOf(statistics),
        lastReviewAtMs: statistics.lastReviewAt,
        version: statistics.version,
        day: statistics.day ?? 0,
      },
    ]),
  );

const expectedOf = (facts: readonly ReviewFact[]): ReadonlyMap<string, Numbers> => {
  const courses = naiveCourses();
  for (const [offset, fact] of facts.entries())
    if (fact.kind !== 'progress') courses.append({ ...fact, offset, appendTimeMs: 0 });
  const expected = new Map<string, Numbers>();
  for (const courseId of courses.courseIds()) {
    const statistics = courses.statistics(courseId);
    if (statistics === null) continue;
    expected.set(`long-term ${courseId}`, { ...numbersOf(statistics.allTime), day: 0 });
    expected.set(`recent ${courseId}`, numbersOf(statistics.recent));
  }
  return expected;
};

const numbersOf = ({ histogram, lastReviewAtMs, version, day }: NaiveStatistic): Numbers => ({
  histogram,
  lastReviewAtMs,
  version,
  day,
});

const stateOf = ({ driver }: AggregatorUnderTest): ReadonlyMap<string, unknown> =>
  new Map(driver.stores.courses.entries());
