import { describe, expect, it } from '@jest/globals';
import type { EpochDay } from '@reviews/domain';
import { progressAfter } from './aggregator-progress.js';
import type { PartitionState } from './partition-state.js';
import { aggregatorUnderTest, told, type AggregatorUnderTest } from './testing/aggregator-under-test.js';
import { changed, dayStarted, reviewOf } from './testing/facts.js';

const D = 20_000;

/** An aggregator that has counted a review of D in each course, and was told nothing since. */
const withCourses = (courses: readonly string[], sweepStep?: number): AggregatorUnderTest => {
  const aggregator = aggregatorUnderTest(sweepStep);
  aggregator.pipe(dayStarted(D), ...courses.map((course) => changed(course, null, reviewOf(4, D))));
  aggregator.sweep();
  return aggregator;
};

/** The day that progress names. */
const dayNamedBy = ({ driver }: AggregatorUnderTest): number | null =>
  progressAfter(
    { partition: 0, sourceNext: 0 as never, outputEnds: {}, partitionState: driver.partitionState },
    { longTermTopic: 'long-term', recentTopic: 'recent' },
  ).day;

const unsweptDays = ({ driver }: AggregatorUnderTest): readonly number[] =>
  (driver.partitionState as PartitionState).unsweptDays.map(({ day }) => day);

describe('a new day', () => {
  it('lets a quiet course fall to nothing when its last review leaves, and not before', () => {
    const aggregator = withCourses(['a']);
    //  D ─────── D+89 │ D+90
    //  in the window  │ out
    aggregator.pipe(dayStarted(D + 89));
    expect(told(aggregator.sweep())).toEqual([]);
    aggregator.pipe(dayStarted(D + 90));
    const fallen = aggregator.sweep();
    expect(told(fallen)).toEqual(['recent a 0 @3']);
    expect(fallen[0]?.statistics).toMatchObject({ day: D + 90, lastReviewAt: null });
    aggregator.pipe(dayStarted(D + 91));
    expect(told(aggregator.sweep())).toEqual([]);
  });

  it('lets a review dated tomorrow in on its day', () => {
    const aggregator = aggregatorUnderTest();
    const facts = [dayStarted(D), changed('a', null, reviewOf(4, D + 1))];
    expect(told(aggregator.pipe(...facts))).toEqual(['long-term a 1 @1', 'recent a 0 @1']);
    expect(told(aggregator.sweep())).toEqual([]);
    aggregator.pipe(dayStarted(D + 1));
    expect(told(aggregator.sweep())).toEqual(['recent a 1 @2']);
  });

  it('rolls a touched course first, so that its receipt is the later one', () => {
    const aggregator = withCourses(['a']);
    const facts = [dayStarted(D + 90), changed('a', null, reviewOf(5, D + 90))];
    expect(told(aggregator.pipe(...facts))).toEqual(['long-term a 2 @3', 'recent a 1 @3']);
    expect(told(aggregator.sweep())).toEqual([]);
  });

  it('rolls a touched course with the receipt of the day when the fact leaves its window alone', () => {
    const aggregator = withCourses(['a']);
    const facts = [dayStarted(D + 90), changed('a', null, reviewOf(5, D - 300))];
    expect(told(aggregator.pipe(...facts))).toEqual(['long-term a 2 @3', 'recent a 0 @2']);
  });

  it('is named by progress once every course was brought to it, and not before', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    aggregator.pipe(dayStarted(D + 90));
    const named = [dayNamedBy(aggregator)];
    for (let step = 1; step <= 3; step++) {
      aggregator.step();
      named.push(dayNamedBy(aggregator));
    }
    // The third step finds that there is no third course.
    expect(named).toEqual([D, D, D, D + 90]);
  });
});

describe('several days at once', () => {
  it('sweep nothing in the transaction that starts them', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    expect(told(aggregator.pipe(dayStarted(D + 90), dayStarted(D + 91), dayStarted(D + 92)))).toEqual([]);
    expect(told(aggregator.step())).toHaveLength(1);
  });

  it('give each change the receipt of the day on which it shows', () => {
    const aggregator = aggregatorUnderTest();
    //   offset 5   │ 6      │ 7         │ 8
    //   D+85       │ D+89   │ D+90      │ D+95
    //   c: one out │ b: out │ a, c: out │
    aggregator.pipe(
      dayStarted(D),
      changed('a', null, reviewOf(4, D)),
      changed('b', null, reviewOf(4, D - 1)),
      changed('c', null, reviewOf(4, D - 5)),
      changed('c', null, reviewOf(4, D)),
      ...[D + 85, D + 89, D + 90, D + 95].map(dayStarted),
    );
    const swept = aggregator.sweep();
    expect(told(swept)).toEqual(['recent a 0 @7', 'recent b 0 @6', 'recent c 0 @7']);
    expect(swept.map(({ statistics }) => statistics.day).sort()).toEqual([D + 89, D + 90, D + 90]);
  });

  it('count a fact between them on the day that had come by then', () => {
    const aggregator = withCourses(['a']);
    const facts = [
      dayStarted(D + 89),
      changed('a', null, reviewOf(5, D + 90)),
      dayStarted(D + 90),
      dayStarted(D + 91),
    ];
    // Counted in advance on D+89; on D+90 it enters and the review of D leaves.
    expect(told(aggregator.pipe(...facts))).toEqual(['long-term a 2 @3']);
    expect(told(aggregator.sweep())).toEqual(['recent a 1 @4']);
  });

  it('are kept until every course was brought to them', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    const days = (): unknown => [dayNamedBy(aggregator), ...unsweptDays(aggregator)];
    //  D+88 D+89 │ a │ D+90 │ b │ end of the walk │ a │ b │ end of the next
    aggregator.pipe(dayStarted(D + 88), dayStarted(D + 89));
    aggregator.step();
    aggregator.pipe(dayStarted(D + 90));
    aggregator.step();
    expect(days()).toEqual([D, D + 88, D + 89, D + 90]);
    expect(told(aggregator.step())).toEqual([]);
    expect(days()).toEqual([D + 89, D + 90]);
    const { length } = [...aggregator.step(), ...aggregator.step()];
    expect(length).toBe(2);
    expect(days()).toEqual([D + 89, D + 90]);
    aggregator.step();
    expect(days()).toEqual([D + 90]);
  });
});

describe('the sweep', () => {
  it('goes in bounded steps', () => {
    const aggregator = withCourses(['a', 'b', 'c', 'd', 'e'], 2);
    aggregator.pipe(dayStarted(D + 90));
    const steps = [aggregator.step(), aggregator.step(), aggregator.step(), aggregator.step()];
    expect(steps.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
  });

  it('changes nothing in a step that finds nothing, so that nothing is written', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    aggregator.pipe(dayStarted(D + 1));
    const before = aggregator.driver.partitionState;
    aggregator.step();
    expect(aggregator.driver.partitionState).toBe(before);
    aggregator.sweep();
    expect(dayNamedBy(aggregator)).toBe(D + 1);
  });

  it('handles facts between two steps, and does not undo them', () => {
    const aggregator = withCourses(['a', 'b', 'c'], 1);
    aggregator.pipe(dayStarted(D + 90));
    expect(told(aggregator.step())).toEqual(['recent a 0 @4']);
    const facts = [changed('c', null, reviewOf(5, D + 90)), changed('a', null, reviewOf(5, D + 90))];
    expect(told(aggregator.pipe(...facts))).toEqual([
      'long-term a 2 @6',
      'long-term c 2 @5',
      'recent a 1 @6',
      'recent c 1 @5',
    ]);
    expect(told(aggregator.sweep())).toEqual(['recent b 0 @4']);
  });

  it('neither skips nor repeats when it is restarted after every step that rolled something', () => {
    const courses = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const publishedWhen = (afterRolling: (aggregator: AggregatorUnderTest) => void): readonly string[] => {
      const aggregator = withCourses(courses, 2);
      aggregator.pipe(dayStarted(D + 90));
      // Each time it has to pass those that it has rolled before.
      for (let steps = 0; dayNamedBy(aggregator) !== D + 90; steps++) {
        if (steps > courses.length ** 2) throw new Error('the sweep does not end');
        if (aggregator.step().length > 0) afterRolling(aggregator);
      }
      expect(aggregator.sweep()).toEqual([]);
      return aggregator.published.map(({ bytes }) => bytes).sort();
    };
    const uninterrupted = publishedWhen(() => undefined);
    expect(uninterrupted).toHaveLength(3 * courses.length);
    const restarted = publishedWhen(({ driver }) => {
      driver.restart();
    });
    expect(restarted).toEqual(uninterrupted);
  });

  it('goes on where it was when another day starts between two steps', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    aggregator.pipe(dayStarted(D + 90));
    expect(told(aggregator.step())).toEqual(['recent a 0 @3']);
    aggregator.pipe(dayStarted(D + 91));
    expect(told(aggregator.sweep())).toEqual(['recent b 0 @3']);
    expect(dayNamedBy(aggregator)).toBe(D + 91);
  });

  it('stops for good rather than turn in circles when a day that a course needs is not kept', () => {
    const aggregator = withCourses(['a']);
    aggregator.pipe(dayStarted(D + 90));
    aggregator.restartFrom({ ...(aggregator.driver.partitionState as PartitionState), unsweptDays: [] });
    expect(() => aggregator.step()).toThrow('a is due by day 20090, but no day rolls it');
  });

  it('goes on from the state of the version that ended each sweep before the next day', () => {
    const aggregator = withCourses(['a', 'b'], 1);
    aggregator.pipe(dayStarted(D + 90));
    aggregator.step();
    const { cause } = aggregator.driver.partitionState as PartitionState;
    aggregator.restartFrom({
      day: (D + 90) as EpochDay,
      dayReceipt: { offset: 3, appendTimeMs: 0 },
      sweptDay: D as EpochDay,
      cause,
    });
    expect(told(aggregator.sweep())).toEqual(['recent b 0 @3']);
    expect(dayNamedBy(aggregator)).toBe(D + 90);
  });

  it('has nothing to do after an upgrade when that version had ended it', () => {
    const aggregator = withCourses(['a']);
    const { cause } = aggregator.driver.partitionState as PartitionState;
    const day = D as EpochDay;
    aggregator.restartFrom({ day, dayReceipt: { offset: 0, appendTimeMs: 0 }, sweptDay: day, cause });
    expect(told(aggregator.sweep())).toEqual([]);
    aggregator.pipe(dayStarted(D + 90));
    expect(unsweptDays(aggregator)).toEqual([D + 90]);
    expect(told(aggregator.sweep())).toEqual(['recent a 0 @2']);
  });
});
