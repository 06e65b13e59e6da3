import { describe, expect, it } from '@jest/globals';
import { courseUnderTest, type CourseUnderTest, quietYears, textOf } from './course-under-test.js';

const HOUR = 1 / 24;
const YEAR = 365;

interface Wave {
  readonly name: string;
  readonly from: number;
  readonly days: number;
  readonly stars: readonly number[];
}

/** Posts a wave of reviews without text, evenly spread. @returns their users */
const postWave = (course: CourseUnderTest, { name, from, days, stars }: Wave): readonly string[] =>
  stars.map((rating, index) => {
    const user = `${name}-${index}`;
    course.post({ user, stars: rating, text: null, day: from + (index * days) / stars.length });
    return user;
  });

const times = (count: number, stars: number): readonly number[] => Array.from({ length: count }, () => stars);

describe('a burst of one-sided ratings', () => {
  it.each([
    ['of praise within hours', { days: 0.2, stars: times(20, 5) }],
    ['of blame within hours', { days: 0.2, stars: times(20, 1) }],
    ['of mixed praise within a week', { days: 7, stars: times(10, 5).flatMap((five) => [five, 4]) }],
    ['over three weeks', { days: 21, stars: times(30, 1) }],
  ])('%s is held as a whole, its first reviews afterwards', (_, wave) => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    const users = postWave(course, { name: 'fraud', from: day, ...wave });
    expect(course.held()).toEqual(expect.arrayContaining([...users]));
    expect(course.held().filter((user) => user.startsWith('learner'))).toEqual([]);
  });

  it('is known after a few reviews, and says so with its score and reason', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    const assessments = Array.from({ length: 12 }, (_, nth) =>
      course.post({ user: `fraud-${nth}`, stars: 1, text: null, day: day + nth * HOUR }),
    );
    const scores = assessments.map(({ verdict }) => verdict.score);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    const first = assessments.find(({ alsoHold }) => alsoHold.length > 0);
    expect(assessments.indexOf(first ?? assessments[0] ?? fail())).toBeLessThan(8);
    expect(first?.verdict).toMatchObject({ kind: 'held', reasons: ['rating-burst'] });
    expect(first?.alsoHold[0]).toMatchObject({ userId: 'fraud-0', verdict: { reasons: ['rating-burst'] } });
  });

  it('leaves ratings of the other side and long reviews of the same days alone', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    postWave(course, { name: 'early', from: day, days: 0.5, stars: times(10, 5) });
    course.post({ user: 'critic', stars: 1, text: textOf(900, 250), day: day + 0.6 });
    course.post({ user: 'admirer', stars: 5, text: textOf(901, 250), day: day + 0.6 });
    postWave(course, { name: 'late', from: day + 0.7, days: 0.2, stars: times(10, 5) });
    expect(course.held()).toHaveLength(20);
    expect(course.held()).not.toContain('critic');
    expect(course.held()).not.toContain('admirer');
  });

  it('takes its mild ratings along', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    const users = postWave(course, {
      name: 'fraud',
      from: day,
      days: 1,
      stars: [...times(30, 5), 3, 3, 3, 5],
    });
    expect(course.held()).toEqual(expect.arrayContaining(users.slice(31)));
  });

  it('is over when the course has been quiet for a while', () => {
    //  ×××××××××× │ next day: one alone is let go, two are not │ 12 quiet days │ one like those, valid
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    postWave(course, { name: 'fraud', from: day, days: 1, stars: times(20, 5) });
    postWave(course, { name: 'next', from: day + 1, days: 0.5, stars: [5, 5] });
    expect(course.held()).toEqual(expect.arrayContaining(['next-0', 'next-1']));
    expect(course.post({ user: 'later', stars: 5, text: null, day: day + 14 }).verdict.kind).toBe('valid');
  });
});

describe('no burst', () => {
  it('is the end of a term, be it the first of a new course', () => {
    const course = courseUnderTest();
    const stars = [5, 4, 2, 5, 4, 3, 5, 1, 4, 5, 4, 2];
    for (const [index, rating] of stars.entries())
      course.post({ user: `learner-${index}`, stars: rating, text: textOf(index + 1), day: 100 + index / 3 });
    expect(course.held()).toEqual([]);
  });

  it('is a term end as it was in the years before, while the same out of season is one', () => {
    const usual = [5, 4, 2, 4, 3, 5, 1, 4];
    const happy = [5, 5, 4, 5];
    const wave = (course: CourseUnderTest, from: number, stars: readonly number[]): readonly string[] =>
      Array.from({ length: 32 }, (_, nth) => {
        const user = `day-${from}-${nth}`;
        const text = textOf(from * 100 + nth);
        course.post({ user, stars: stars[nth % stars.length] ?? 3, text, day: from + nth / 8 });
        return user;
      });
    const course = courseUnderTest();
    for (const year of [0, 1, 2]) {
      quietYearFrom(course, year);
      wave(course, year * YEAR + 125, usual);
    }
    const [inSeason, outOfSeason] = [3 * YEAR + 125, 3 * YEAR + 240];
    wave(course, inSeason, happy);
    expect(course.held()).toEqual([]);
    const odd = wave(course, outOfSeason, happy);
    expect(course.held().length).toBeGreaterThan(odd.length / 2);
  });

  it('is a course that becomes popular: any number of reviews, rated as ever', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    const usual = [5, 4, 2, 4, 3, 5, 1, 4];
    for (let nth = 0; nth < 400; nth++) {
      const stars = usual[nth % usual.length] ?? 3;
      course.post({ user: `many-${nth}`, stars, text: textOf(nth + 8_000), day: day + nth / 100 });
    }
    expect(course.held()).toEqual([]);
  });

  it('is what came in a file: imports are exempt, and teach what is usual', () => {
    const course = courseUnderTest();
    for (let nth = 0; nth < 300; nth++)
      course.importRow({ user: `row-${nth}`, stars: 5, text: null, day: 300 + nth / 100 });
    expect(course.held()).toEqual([]);
  });

  it('is what imported rows show to be usual', () => {
    const heldAfter = (rows: number): number => {
      const course = courseUnderTest();
      const day = quietYears(course, 2 * YEAR);
      const usual = [5, 4, 2, 4, 3, 5, 1, 4];
      for (let nth = 0; nth < rows; nth++) {
        const stars = usual[nth % usual.length] ?? 3;
        course.importRow({ user: `row-${nth}`, stars, text: textOf(nth + 9_000), day: day - 31 - nth / 3 });
      }
      for (let nth = 0; nth < 5; nth++)
        course.post({ user: `new-${nth}`, stars: 1, text: textOf(nth + 7_000), day: day + nth / 24 });
      return course.held().length;
    };
    expect(heldAfter(0)).toBe(5);
    expect(heldAfter(900)).toBe(0);
  });

  it('is growth that lasts: after half a year it is normal', () => {
    const course = courseUnderTest();
    const day = quietYears(course, YEAR);
    const heldIn = (from: number, to: number): number =>
      course.held().filter((user) => {
        const at = Number(user.slice('fan-'.length));
        return user.startsWith('fan-') && at >= from && at < to;
      }).length;
    for (let after = 0; after < 400; after++)
      course.post({ user: `fan-${after}`, stars: 5, text: textOf(after + 2_000), day: day + after });
    expect(heldIn(0, 60)).toBeGreaterThan(20);
    expect(heldIn(300, 400)).toBe(0);
  });
});

describe('history', () => {
  it('is not poisoned: the same attack a year later is held again', () => {
    const course = courseUnderTest();
    quietYears(course, YEAR);
    postWave(course, { name: 'first', from: YEAR, days: 1, stars: times(60, 1) });
    quietYearFrom(course, 1);
    const users = postWave(course, { name: 'second', from: 2 * YEAR, days: 1, stars: times(60, 1) });
    expect(course.held()).toEqual(expect.arrayContaining([...users]));
  });

  it('does not depend on the order of imported rows, up to the 80 that a profile consists of', () => {
    const rows = Array.from({ length: 60 }, (_, nth) => ({
      user: `row-${nth}`,
      stars: (nth % 5) + 1,
      text: textOf(nth + 1),
      day: nth * 11,
    }));
    const verdictsAfter = (order: readonly (typeof rows)[number][]): readonly unknown[] => {
      const course = courseUnderTest();
      for (const row of order) course.importRow(row);
      return Array.from({ length: 12 }, (_, nth) =>
        course.post({ user: `user-${nth}`, stars: 5, text: null, day: 661 + nth * HOUR }),
      );
    };
    expect(verdictsAfter(rows.toReversed())).toEqual(verdictsAfter(rows));
  });
});

describe('an imported row of long ago', () => {
  const importLongAgo = (course: CourseUnderTest, rows: number): void => {
    for (let nth = 0; nth < rows; nth++)
      course.importRow({ user: `row-${nth}`, stars: 3, text: null, day: -16 * YEAR + nth });
  };

  it('does not make a course older, so that its busiest times would seem rare, unless several say so', () => {
    const heldAfter = (rows: number): readonly string[] => {
      const course = courseUnderTest();
      const termEnd = (year: number, stars: readonly number[]): void => {
        for (let nth = 0; nth < 32; nth++) {
          const [user, text] = [`end-${year}-${nth}`, textOf(year * 1_000 + nth + 20_000)];
          const rating = stars[nth % stars.length] ?? 3;
          course.post({ user, stars: rating, text, day: year * YEAR + 125 + nth / 8 });
        }
      };
      quietYearFrom(course, 0);
      termEnd(0, [5, 4, 2, 4, 3, 5, 1, 4]);
      importLongAgo(course, rows);
      quietYearFrom(course, 1);
      termEnd(1, [5, 5, 4, 5]);
      return course.held();
    };
    expect([0, 1, 2].flatMap(heldAfter)).toEqual([]);
    expect(heldAfter(3).length).toBeGreaterThan(16);
  });
});

describe('an imported row over a post', () => {
  it('is not held with a burst that the post would have been a part of, and not counted for one', () => {
    const heldAfter = (imported: number, late: number): readonly string[] => {
      const course = courseUnderTest();
      const day = quietYears(course, 2 * YEAR);
      const users = postWave(course, { name: 'early', from: day, days: 0.1, stars: times(3, 1) });
      for (const user of users.slice(0, imported))
        course.importRow({ user, stars: 1, text: 'from a file', day: day + 0.2 });
      postWave(course, { name: 'late', from: day + 0.5, days: 0.1, stars: times(late, 1) });
      return course.held().toSorted();
    };
    expect(heldAfter(0, 3)).toEqual(['early-0', 'early-1', 'early-2', 'late-0', 'late-1', 'late-2']);
    expect(heldAfter(3, 3)).toEqual([]);
    expect(heldAfter(1, 9)).toEqual(expect.arrayContaining(['early-1', 'early-2', 'late-0', 'late-8']));
    expect(heldAfter(1, 9)).not.toContain('early-0');
  });

  it('does not release it from the burst it was held for, unless it changes sides', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    const users = postWave(course, { name: 'fraud', from: day, days: 1, stars: times(20, 5) });
    for (const user of users.slice(1))
      course.importRow({ user, stars: 4, text: 'from a file', day: day + 2 });
    course.importRow({ user: 'fraud-0', stars: 2, text: 'from a file', day: day + 2 });
    expect(course.held().filter((user) => user.startsWith('fraud'))).toEqual(users.slice(1));
    expect(course.live.get('fraud-1')?.verdict).toMatchObject({ reasons: ['rating-burst'] });
  });
});

describe('a withdrawn review', () => {
  it('is not counted for a burst, be it held or not', () => {
    const heldAfter = (change: (course: CourseUnderTest, user: string) => void): readonly string[] => {
      const course = courseUnderTest();
      const day = quietYears(course, 2 * YEAR);
      for (const user of postWave(course, { name: 'early', from: day, days: 0.1, stars: times(12, 5) }))
        change(course, user);
      return postWave(course, { name: 'late', from: day + 0.5, days: 0.4, stars: times(3, 5) }).filter(
        (user) => course.held().includes(user),
      );
    };
    expect(heldAfter(() => undefined)).toHaveLength(3);
    expect(
      heldAfter((course, user) => {
        course.withdraw(user);
      }),
    ).toEqual([]);
  });

  it('is counted again when it is submitted again, and once only', () => {
    const heldAfter = (again: (course: CourseUnderTest, user: string, day: number) => void): number => {
      const course = courseUnderTest();
      const day = quietYears(course, 2 * YEAR);
      for (const user of postWave(course, { name: 'early', from: day, days: 0.1, stars: times(3, 1) }))
        again(course, user, day + 0.2);
      postWave(course, { name: 'late', from: day + 0.5, days: 0.1, stars: times(3, 1) });
      return course.held().length;
    };
    const post = (course: CourseUnderTest, user: string, day: number): void =>
      void course.post({ user, stars: 1, text: null, day });
    expect(heldAfter(() => undefined)).toBe(6);
    expect(
      heldAfter((course, user) => {
        course.withdraw(user);
      }),
    ).toBe(0);
    const withdrawAndPost = (course: CourseUnderTest, user: string, day: number): void => {
      course.withdraw(user);
      course.withdraw(user);
      post(course, user, day);
    };
    expect(heldAfter(withdrawAndPost)).toBe(6);
  });

  it('leaves the counts of later days alone when its own is history', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    course.post({ user: 'early', stars: 1, text: null, day });
    postWave(course, { name: 'late', from: day + 28, days: 0.1, stars: times(3, 1) });
    course.withdraw('early');
    postWave(course, { name: 'last', from: day + 28.2, days: 0.1, stars: times(3, 1) });
    expect(course.held()).toHaveLength(6);
  });
});

describe('an edit', () => {
  it('to the other side takes a review out of what counts as a burst', () => {
    const burst = (edit: (course: CourseUnderTest, day: number) => void): number => {
      const course = courseUnderTest();
      const day = quietYears(course, 2 * YEAR);
      postWave(course, { name: 'early', from: day, days: 0.1, stars: times(4, 1) });
      edit(course, day);
      postWave(course, { name: 'late', from: day + 0.5, days: 0.1, stars: times(2, 1) });
      return course.held().length;
    };
    expect(burst(() => undefined)).toBe(6);
    const changed = burst((course, day) => {
      for (let nth = 0; nth < 4; nth++)
        course.post({
          user: `early-${nth}`,
          stars: 3 + (nth % 3),
          text: textOf(nth + 6_000),
          day: day + 0.2,
        });
    });
    expect(changed).toBe(0);
  });

  it('of the text alone is no news, however many do so', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    for (const [user, { stars }] of [...course.live].filter(([, review]) => review.stars === 5))
      course.post({ user, stars, text: textOf(Number(user.slice(8)) + 3_000), day });
    expect(course.held()).toEqual([]);
  });

  it('does not take a review out of the burst it was held for, unless it changes sides', () => {
    const course = courseUnderTest();
    const day = quietYears(course, 2 * YEAR);
    postWave(course, { name: 'fraud', from: day, days: 1, stars: times(20, 5) });
    const later = (user: string, stars: number): string =>
      course.post({ user, stars, text: textOf(4_000 + stars), day: day + 200 }).verdict.kind;
    expect(later('fraud-1', 4)).toBe('held');
    expect(later('fraud-2', 2)).toBe('valid');
  });
});

it.each([
  ['less evidence', 12, { burstMinDecibans: 20 }, { burstMinDecibans: 200 }],
  ['less one-sidedness', 5, { burstMinSideDecibans: 10 }, { burstMinSideDecibans: 60 }],
  ['fewer reviews', 12, { burstMinReviews: 4 }, { burstMinReviews: 13 }],
  ['fewer ordinary reviews', 5, { ordinaryWeeklyReviews: 0.5 }, { ordinaryWeeklyReviews: 50 }],
])('holds more when it takes %s', (_, count, sensitive, insensitive) => {
  const heldBy = (thresholds: object): number => {
    const course = courseUnderTest(thresholds);
    const day = quietYears(course, 2 * YEAR);
    for (let nth = 0; nth < count; nth++)
      course.post({ user: `fraud-${nth}`, stars: 1, text: textOf(nth + 7_000), day: day + nth / 24 });
    return course.held().length;
  };
  expect(heldBy(sensitive)).toBe(count);
  expect(heldBy(insensitive)).toBe(0);
});

/** The quiet days of one year, as {@link quietYears} has them. */
const quietYearFrom = (course: CourseUnderTest, year: number): void => {
  const stars = [5, 4, 2, 4, 3, 5, 1, 4];
  for (let nth = 0; nth < 40; nth++)
    course.post({
      user: `quiet-${year}-${nth}`,
      stars: stars[nth % stars.length] ?? 3,
      text: textOf(10_000 + year * 100 + nth),
      day: year * YEAR + 2 + nth * 3,
    });
};

const fail = (): never => {
  throw new Error('no burst');
};
