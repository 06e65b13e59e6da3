import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines.js';

const MAX_BYTES = 8;

const linesIn = async (...chunks: readonly Buffer[]): Promise<readonly [number, string | null][]> => {
  const lines: [number, string | null][] = [];
  for await (const group of linesOf(streamOf(chunks), MAX_BYTES)) {
    for (const { line, bytes } of group) lines.push([line, bytes?.toString('latin1') ?? null]);
  }
  return lines;
};

async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

describe('lines of a file', () => {
  it('are the same however the file is cut into chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60), { maxLength: 6 }), async (file, cuts) => {
        const edges = [0, ...cuts.filter((cut) => cut < file.length).sort((a, b) => a - b), file.length];
        const chunks = edges.slice(1).map((end, index) => Buffer.from(file.slice(edges[index], end)));
        expect(await linesIn(...chunks)).toEqual(naiveLinesOf(file));
      }),
    );
  });

  it('end with a line feed, with or without a carriage return, or with the file', async () => {
    expect(await linesIn(Buffer.from('one\r\n\ntwo'))).toEqual([
      [1, 'one'],
      [2, ''],
      [3, 'two'],
    ]);
  });

  it('that are too long are counted, and the next one is whole again', async () => {
    expect(await linesIn(Buffer.from('12345678\n123456'), Buffer.from('789'), Buffer.from('0\nx'))).toEqual([
      [1, '12345678'],
      [2, null],
      [3, 'x'],
    ]);
  });
});

const naiveLinesOf = (file: string): readonly [number, string | null][] => {
  const lines = file.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, index) => [index + 1, text.length > MAX_BYTES ? null : text.replace(/\r$/, '')]);
};
