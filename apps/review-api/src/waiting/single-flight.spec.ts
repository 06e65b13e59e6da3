import { describe, expect, it } from '@jest/globals';
import { singleFlight } from './single-flight.js';

/** A question that is answered by hand. */
const questions = () => {
  const answers: ((answer: string) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const ask = singleFlight<number, string>(
    () =>
      new Promise((resolve, reject) => {
        answers.push(resolve);
        failures.push(reject);
      }),
  );
  return { ask, answers, failures };
};

const settled = (): Promise<void> => new Promise(setImmediate);

describe('a single flight', () => {
  it('gives nobody an answer that may be older than the question', async () => {
    const { ask, answers } = questions();
    const first = ask(1);
    const second = ask(1);
    answers[0]?.('old');
    expect(await first).toBe('old');
    await settled();
    answers[1]?.('new');
    expect(await second).toBe('new');
  });

  it('asks once for all who came while an answer was under way', async () => {
    const { ask, answers } = questions();
    const first = ask(1);
    const others = [ask(1), ask(1), ask(1)];
    answers[0]?.('old');
    await first;
    await settled();
    expect(answers).toHaveLength(2);
    answers[1]?.('new');
    expect(await Promise.all(others)).toEqual(['new', 'new', 'new']);
  });

  it('does not make one question wait for another', () => {
    const { ask, answers } = questions();
    void ask(1);
    void ask(2);
    expect(answers).toHaveLength(2);
  });

  it('asks again after a failure', async () => {
    const { ask, answers, failures } = questions();
    const first = ask(1);
    const second = ask(1);
    failures[0]?.(new Error('the database is gone'));
    await expect(first).rejects.toThrow('gone');
    await settled();
    answers[1]?.('back');
    expect(await second).toBe('back');
  });
});
