import { describe, expect, it } from '@jest/globals';
import { ReadModelError, type TablesBeside } from '@reviews/read-model';
import { switchWhenClose } from './switch-when-close.js';

const OLD = { kind: 'dropped' } as const;
const behind = new ReadModelError('REBUILD_BEHIND', 'less than those in use');

/** Tables whose switch fails so many times, and everything that was done. */
const setUp = (failures: number, failure: Error = behind) => {
  const done: string[] = [];
  let attempts = 0;
  const tables: Pick<TablesBeside, 'switchOver'> = {
    async switchOver(_old, catchUp) {
      done.push('lock');
      await catchUp();
      attempts += 1;
      if (attempts <= failures) throw failure;
      done.push('renamed');
      return 'old';
    },
  };
  const catchUp = (): Promise<void> => Promise.resolve(void done.push('catch up'));
  return { tables, catchUp, done };
};

describe('the switch', () => {
  it('comes after a catch-up that nobody waits for, and another one while the sink waits', async () => {
    const { tables, catchUp, done } = setUp(0);
    const { replaced } = await switchWhenClose(tables, OLD, catchUp, new AbortController().signal);
    expect(replaced).toBe('old');
    expect(done).toEqual(['catch up', 'lock', 'catch up', 'renamed']);
  });

  it('is tried again when the new tables had less, after the lock was given back', async () => {
    const { tables, catchUp, done } = setUp(1);
    await switchWhenClose(tables, OLD, catchUp, new AbortController().signal);
    expect(done).toEqual(['catch up', 'lock', 'catch up', 'catch up', 'lock', 'catch up', 'renamed']);
  });

  it('is given up when the new tables have less every time', async () => {
    const { tables, catchUp, done } = setUp(99);
    await expect(switchWhenClose(tables, OLD, catchUp, new AbortController().signal)).rejects.toBe(behind);
    expect(done.filter((step) => step === 'lock')).toHaveLength(5);
  });

  it('is not tried again after any other failure', async () => {
    const broken = new ReadModelError('DATABASE_UNAVAILABLE', 'no answer');
    const { tables, catchUp, done } = setUp(99, broken);
    await expect(switchWhenClose(tables, OLD, catchUp, new AbortController().signal)).rejects.toBe(broken);
    expect(done.filter((step) => step === 'lock')).toHaveLength(1);
  });

  it('does not begin when it was stopped', async () => {
    const { tables, catchUp, done } = setUp(0);
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(switchWhenClose(tables, OLD, catchUp, stopped)).rejects.toThrow('stopped');
    expect(done).not.toContain('lock');
  });
});
