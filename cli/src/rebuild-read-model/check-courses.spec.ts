import { describe, expect, it } from '@jest/globals';
import type { CrossCheck } from '@reviews/read-model';
import { checkCourses } from './check-courses.js';

const ROUNDS = 3;
const found = (result: Partial<CrossCheck>): CrossCheck => ({
  agreeing: 0,
  busy: [],
  disagreeing: [],
  unnamed: 0,
  ...result,
});
const wrong = (courseId: string) => ({ courseId, how: 'all-time-differs' }) as const;

/** Answers in their order, and what was asked for. */
const checks = (...answers: readonly CrossCheck[]) => {
  const asked: (readonly string[] | undefined)[] = [];
  return {
    asked,
    check: (courses?: readonly string[]) => {
      asked.push(courses);
      return Promise.resolve(answers[asked.length - 1] ?? found({}));
    },
  };
};
const stay = (): Promise<void> => Promise.resolve();

describe('checking courses', () => {
  it('looks once where every course agrees', async () => {
    const { check, asked } = checks(found({ agreeing: 7 }));
    expect(await checkCourses(check, stay, ROUNDS)).toEqual({ agreeing: 7, neverQuiet: 0, disagreeing: [] });
    expect(asked).toEqual([undefined]);
  });

  it('looks again at those that were busy or did not agree, and only at them', async () => {
    const { check, asked } = checks(
      found({ agreeing: 5, busy: ['a'], disagreeing: [wrong('b')] }),
      found({ agreeing: 2 }),
    );
    expect(await checkCourses(check, stay, ROUNDS)).toEqual({ agreeing: 7, neverQuiet: 0, disagreeing: [] });
    expect(asked).toEqual([undefined, ['a', 'b']]);
  });

  it('looks again at every course when more were busy or wrong than have names', async () => {
    const { check, asked } = checks(
      found({ agreeing: 5, disagreeing: [wrong('a')], unnamed: 2 }),
      found({ agreeing: 6, disagreeing: [wrong('b')], busy: ['c'] }),
      found({ disagreeing: [wrong('b')], agreeing: 1 }),
    );
    expect(await checkCourses(check, stay, ROUNDS)).toEqual({
      agreeing: 7,
      neverQuiet: 0,
      disagreeing: [wrong('b')],
    });
    expect(asked).toEqual([undefined, undefined, ['c', 'b']]);
  });

  it('moves the tables on before it looks again', async () => {
    const moves: string[] = [];
    const check = (): Promise<CrossCheck> => {
      moves.push('check');
      return Promise.resolve(found({ busy: ['a'] }));
    };
    await checkCourses(check, () => Promise.resolve(void moves.push('move')), ROUNDS);
    expect(moves).toEqual(['check', 'move', 'check', 'move', 'check']);
  });

  it('ends after some rounds, and says what was never quiet and what stayed wrong', async () => {
    const same = found({ busy: ['a'], disagreeing: [wrong('b')] });
    const { check } = checks(same, same, same);
    expect(await checkCourses(check, stay, ROUNDS)).toEqual({
      agreeing: 0,
      neverQuiet: 1,
      disagreeing: [wrong('b')],
    });
  });
});
