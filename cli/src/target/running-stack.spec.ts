import { describe, expect, it } from '@jest/globals';
import { parseStatus } from './running-stack.js';

describe('the status of the launcher', () => {
  it('is no stack when it says that nothing runs', () => {
    expect(parseStatus('{"phase":"stopped","stateDir":"/state"}')).toBeUndefined();
  });

  it('is a stack while it starts, runs or stops', () => {
    expect(parseStatus('{"phase":"starting","url":"http://127.0.0.1:3000"}')).toEqual({
      url: 'http://127.0.0.1:3000',
    });
  });
});
