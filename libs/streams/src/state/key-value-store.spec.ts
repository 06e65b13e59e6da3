import { describe, expect, it } from '@jest/globals';
import { encodeEntry } from './changelog-record.js';
import { TransactionalStore } from './key-value-store.js';
import { StateDigest } from './state-digest.js';

const spec = {
  name: 'numbers',
  codec: {
    encode: (n: number) => Buffer.from(String(n)),
    decode: (bytes: Buffer) => {
      const n = Number(bytes.toString());
      if (Number.isNaN(n)) throw new TypeError('not a number');
      return n;
    },
  },
};

const entry = (key: string, value: string) => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  hash: encodeEntry(spec.name, key, Buffer.from(value)).hash,
});

describe.each(['values', 'bytes'] as const)('a store that keeps %s', (keeps) => {
  const emptyStore = () => {
    const digest = new StateDigest();
    return { digest, store: new TransactionalStore({ ...spec, keeps }, digest) };
  };

  it('shows a transaction what it put last, and not what it deleted', () => {
    const { store, digest } = emptyStore();
    store.restore(entry('b', '5'));
    for (const n of [1, 2]) store.put('a', n);
    store.put('b', 3);
    store.delete('b');
    expect([store.get('a'), store.get('b')]).toEqual([2, undefined]);
    expect(store.changes(digest.copy()).map(({ key }) => String(key))).toEqual(['snumbers/a', 'snumbers/b']);
  });

  it('shows a transaction its own changes', () => {
    const { store } = emptyStore();
    store.put('a', 1);
    expect(store.get('a')).toBe(1);
    expect([...store.entries()]).toEqual([['a', 1]]);
  });

  it('keeps nothing before the commit', () => {
    const { store, digest } = emptyStore();
    store.put('a', 1);
    store.changes(digest.copy());
    expect(store.size).toBe(0);
    store.mergeOverlay();
    expect(store.size).toBe(1);
    expect(store.get('a')).toBe(1);
  });

  it('forgets what a transaction did that came to nothing', () => {
    const { store, digest } = emptyStore();
    store.restore(entry('a', '1'));
    const before = digest.summary();
    store.put('a', 2);
    store.delete('b');
    store.changes(digest.copy());
    store.dropOverlay();
    store.mergeOverlay();
    expect(store.get('a')).toBe(1);
    expect(digest.summary()).toEqual(before);
  });

  it('turns a deletion into a tombstone', () => {
    const { store, digest } = emptyStore();
    store.restore(entry('a', '1'));
    store.delete('a');
    expect(store.get('a')).toBeUndefined();
    expect(store.changes(digest.copy())).toEqual([{ key: Buffer.from('snumbers/a'), value: null }]);
    store.mergeOverlay();
    expect([...store.entries()]).toEqual([]);
  });

  it('reports a change once', () => {
    const { store, digest } = emptyStore();
    store.put('a', 1);
    store.changes(digest.copy());
    store.mergeOverlay();
    expect(store.changes(digest.copy())).toEqual([]);
  });

  it('tells before a commit which digest the state will have after it', () => {
    const { store, digest } = emptyStore();
    store.restore(entry('a', '1'));
    store.restore(entry('b', '2'));
    store.put('a', 3);
    store.delete('b');
    store.delete('never there');
    store.put('c', 4);
    const promised = digest.copy();
    store.changes(promised);
    store.mergeOverlay();
    expect(digest.summary()).toEqual(promised.summary());
    expect(digest.summary().entries).toBe(2);
  });

  it('searches what is committed, and tells of every entry whether it is wanted', () => {
    const { store } = emptyStore();
    store.restore(entry('a', '1'));
    store.restore(entry('b', '22'));
    store.put('c', 33);
    const found = [...store.search((bytes) => bytes.length === 2)];
    expect(found).toHaveLength(2);
    expect(found.filter((key) => key !== undefined)).toEqual(['b']);
  });

  it('names the entry whose value a search cannot read', () => {
    const { store } = emptyStore();
    store.restore(entry('a', '1'));
    const search = store.search(() => {
      throw new Error('unreadable');
    });
    expect(() => search.next()).toThrow(
      expect.objectContaining({
        code: 'STATE_CORRUPTED',
        message: 'Store numbers cannot read the value of a',
      }),
    );
  });

  it('calls a value its codec cannot read a corrupted state', () => {
    const { store } = emptyStore();
    store.restore(entry('a', '?'));
    expect(() => store.get('a')).toThrow(
      expect.objectContaining({
        code: 'STATE_CORRUPTED',
        message: 'Store numbers cannot read the value of a',
      }),
    );
  });
});
