import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines-of.js';

const collect = async (pieces: readonly string[]): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of linesOf(pieces as unknown as AsyncIterable<string>)) lines.push(line);
  return lines;
};

describe('lines', () => {
  it('are the same however the text was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-c\n]{0,6}$/)), async (pieces) => {
        const expected = pieces
          .join('')
          .split('\n')
          .filter((line) => line !== '');
        expect(await collect(pieces)).toEqual(expected);
      }),
    );
  });
});
