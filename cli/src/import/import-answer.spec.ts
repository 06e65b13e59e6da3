import { describe, expect, it } from '@jest/globals';
import { parseImportAnswer } from './import-answer.js';

describe('a line of the answer to an import', () => {
  it('is a refused row', () => {
    expect(parseImportAnswer('{"line":3,"reason":"must be a number","field":"rating"}')).toEqual({
      kind: 'refused',
      row: { line: 3, reason: 'must be a number', field: 'rating' },
    });
  });

  it('is the end', () => {
    expect(parseImportAnswer('{"accepted":2,"refused":1,"complete":true}')).toEqual({
      kind: 'end',
      end: { accepted: 2, refused: 1, complete: true },
    });
  });

  it.each(['{"accepted":2,"ref', 'Bad gateway', '[]', 'null', '7'])('is nothing when it reads %s', (line) => {
    expect(parseImportAnswer(line)).toBeUndefined();
  });
});
