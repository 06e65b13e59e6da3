import { describe, expect, it } from '@jest/globals';
import { chooseStateDir } from '../bin/state-dir.mjs';

const checkout = '/root/course-reviews';
const inCheckout = { wanted: '/root/course-reviews/.reviews', checkout };
const nobodyEnters = (): boolean => false;
const anybodyEnters = (): boolean => true;

describe('the state directory', () => {
  it('is the one asked for when the unprivileged user can reach it', () => {
    const chosen = chooseStateDir({ ...inCheckout, isRoot: true, isReachable: anybodyEnters });
    expect(chosen).toEqual({ stateDir: inCheckout.wanted, moved: false });
  });

  it('is the one asked for when nobody else has to reach it', () => {
    const chosen = chooseStateDir({ ...inCheckout, isRoot: false, isReachable: nobodyEnters });
    expect(chosen.moved).toBe(false);
  });

  it('moves out of a directory closed to the unprivileged user, to one named after the checkout', () => {
    const { stateDir, moved } = chooseStateDir({ ...inCheckout, isRoot: true, isReachable: nobodyEnters });
    expect(moved).toBe(true);
    expect(stateDir).toMatch(/^\/var\/lib\/course-reviews\/course-reviews-[0-9a-f]{12}$/);
  });

  it('is another one for every other place asked for', () => {
    const move = (wanted: string): string =>
      chooseStateDir({ wanted, checkout, isRoot: true, isReachable: nobodyEnters }).stateDir;
    expect(new Set(['/root/a', '/root/b', inCheckout.wanted].map(move)).size).toBe(3);
  });
});
