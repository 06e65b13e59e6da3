import { describe, expect, it } from '@jest/globals';
import { rememberedKey } from './remembered-key.js';

/** A table with a key that tests replace, on a clock that tests move. */
const table = () => {
  const state = { key: 1, nowMs: 0, reads: 0, failure: undefined as Error | undefined };
  const key = rememberedKey(
    () => {
      state.reads += 1;
      return state.failure === undefined
        ? Promise.resolve(Uint8Array.of(state.key))
        : Promise.reject(state.failure);
    },
    () => state.nowMs,
  );
  return { state, key };
};

describe('the key of cursors', () => {
  it('is read once for many', async () => {
    const { state, key } = table();
    await Promise.all([key.current(), key.current()]);
    await key.current();
    expect(state.reads).toBe(1);
  });

  it('is read again for a cursor that does not fit, but not for each of many', async () => {
    const { state, key } = table();
    await key.current();
    state.key = 2;
    state.nowMs = 1_000;
    expect(await key.readAgain()).toEqual(Uint8Array.of(2));
    await key.readAgain();
    expect(state.reads).toBe(2);
  });

  it('is the one of tables that were made anew after a minute at the latest', async () => {
    const { state, key } = table();
    await key.current();
    state.key = 2;
    state.nowMs = 60_000;
    expect(await key.current()).toEqual(Uint8Array.of(2));
  });

  it('is asked for again after a failure', async () => {
    const { state, key } = table();
    state.failure = new Error('the database is gone');
    await expect(key.current()).rejects.toThrow('gone');
    state.failure = undefined;
    expect(await key.current()).toEqual(Uint8Array.of(1));
  });
});
