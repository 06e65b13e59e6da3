import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingBuffer } from './growing-buffer.js';

const RUNS_OF_PIECES = fc.array(fc.array(fc.uint8Array({ maxLength: 700 })));

describe('a growing buffer', () => {
  it('gives back what was put into it since the last time, and keeps nothing of it', () => {
    fc.assert(
      fc.property(RUNS_OF_PIECES, (runs) => {
        const buffer = new GrowingBuffer();
        for (const run of runs) {
          const pieces = run.map((piece) => Buffer.from(piece));
          for (const piece of pieces) buffer.add(piece);
          const whole = Buffer.concat(pieces);
          expect(buffer).toHaveLength(whole.length);
          expect(buffer.take()).toEqual(whole);
        }
      }),
    );
  });

  it('takes at most four times what is in it, however small the pieces are', () => {
    const pieces = 1_000_000;
    const buffer = new GrowingBuffer();
    for (let count = 0; count < pieces; count += 1) buffer.add(Buffer.of(1));
    expect(buffer.take().buffer.byteLength).toBeLessThanOrEqual(4 * pieces);
  });
});
