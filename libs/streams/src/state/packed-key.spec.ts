import { describe, expect, it } from '@jest/globals';
import { murmur3 } from './key-hash.js';
import { PackedKey } from './packed-key.js';

describe('a packed key', () => {
  it.each([
    ['of no characters', ''],
    ['of ASCII', 'course/7'],
    ['whose last character is the first that is not ASCII', 'a short cliché'],
    ['of characters outside the basic plane', '👩‍🎓'],
    ['too long to be copied by hand', 'x'.repeat(1001)],
    ['of the most bytes per character', '日'.repeat(1000)],
  ])('is the UTF-8 of a key %s, filled up with zeros', (_name, key) => {
    const packed = new PackedKey(murmur3);
    packed.write('ü'.repeat(700));
    packed.write(key);

    const utf8 = Buffer.from(key);
    const filledUp = Buffer.alloc(Math.ceil(utf8.length / 4) * 4);
    filledUp.set(utf8);
    expect(packed.byteLength).toBe(utf8.length);
    expect(Buffer.from(packed.words.buffer, 0, filledUp.length)).toEqual(filledUp);
    expect(packed.hash).toBe(murmur3(packed.words, 0, utf8.length));
  });
});
