import { describe, expect, it } from '@jest/globals';
import { startTimeIn } from './proc.js';

const after = (name: string, state = 'S'): string =>
  `4711 (${name}) ${state} 1 4711 4711 0 -1 4194560 1 0 0 0 10 5 0 0 20 0 11 0 246083 11407 1 2 3`;

describe('the start time of a process', () => {
  it('is the 22nd field of its stat', () => {
    expect(startTimeIn(after('java'))).toBe(246083);
  });

  it('is found behind a name with brackets and spaces', () => {
    expect(startTimeIn(after('a) S 9 (b'))).toBe(246083);
  });

  it('is none for a process that is dead and only not collected yet', () => {
    expect(startTimeIn(after('java', 'Z'))).toBeUndefined();
  });
});
