import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import { redriveHeaders, redriveOrigin } from './redriven-from.js';

const source = { topic: 'words', partition: 1 };
const letters = { topic: 'letters', partition: 1 };
const at = <P extends object>(place: P, offset: number) => ({ ...place, offset: offsetOf(offset) });

describe('a record sent again', () => {
  const once = redriveHeaders(at(letters, 0), at(source, 5), { trace: Buffer.from('abc') });

  it('keeps its headers and says where it stood at first', () => {
    expect(once['trace']?.toString()).toBe('abc');
    expect(redriveOrigin({ headers: once, offset: offsetOf(8) }, source)).toBe(5);
  });

  it('keeps its first place when it is set aside and sent again once more', () => {
    const twice = redriveHeaders(at(letters, 1), at(source, 9), once);
    expect(twice['redriven-from']?.toString()).toBe('letters/1/1');
    expect(redriveOrigin({ headers: twice, offset: offsetOf(20) }, source)).toBe(5);
  });
});

describe('a record that was never sent again', () => {
  it('has no such place, nor has one of another partition, nor one that says something else or a place to come', () => {
    expect(redriveOrigin({ headers: {}, offset: offsetOf(8) }, source)).toBeUndefined();
    for (const text of [
      'words/2/5',
      'words/1/',
      'words/1/x',
      'words/1/1e3',
      'other/1/5',
      'words/1/8',
      'words/1/999999999999999',
    ])
      expect(
        redriveOrigin({ headers: { 'redrive-origin': Buffer.from(text) }, offset: offsetOf(8) }, source),
      ).toBeUndefined();
  });
});
