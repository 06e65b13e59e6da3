import { describe, expect, it } from '@jest/globals';
import { TransactionalStore } from './key-value-store.js';

const spec = {
  name: 'numbers',
  codec: {
    encode: (n: number) => Buffer.from(String(n)),
    decode: (bytes: Buffer) => Number(bytes.toString()),
  },
};

describe('a store', () => {
  it('shows a transaction its own changes', () => {
    const store = new TransactionalStore(spec);
    store.put('a', 1);
    expect(store.get('a')).toBe(1);
    expect([...store.entries()]).toEqual([['a', 1]]);
  });

  it('keeps nothing before the commit', () => {
    const store = new TransactionalStore(spec);
    store.put('a', 1);
    expect(store.size).toBe(0);
    store.mergeOverlay();
    expect(store.size).toBe(1);
  });

  it('turns a deletion into a tombstone', () => {
    const store = new TransactionalStore(spec);
    store.restore('a', Buffer.from('1'));
    store.delete('a');
    expect(store.get('a')).toBeUndefined();
    expect([...store.changes()]).toEqual([{ kind: 'entry', store: 'numbers', key: 'a', value: null }]);
    store.mergeOverlay();
    expect([...store.entries()]).toEqual([]);
  });

  it('reports a change once', () => {
    const store = new TransactionalStore(spec);
    store.put('a', 1);
    store.mergeOverlay();
    expect([...store.changes()]).toEqual([]);
  });
});
