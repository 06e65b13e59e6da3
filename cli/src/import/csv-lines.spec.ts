import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { csvLines } from './csv-lines.js';

const linesOfCsv = (csv: string): Promise<string> => text(csvLines(Readable.from([Buffer.from(csv)])));

describe('a CSV file', () => {
  it('becomes one JSON line a row', async () => {
    expect(await linesOfCsv('courseId,rating\nc-1,4\nc-2,0.5\n')).toBe(
      '{"courseId":"c-1","rating":4}\n{"courseId":"c-2","rating":0.5}\n',
    );
  });

  it('may have a byte order mark, CRLF and empty lines', async () => {
    expect(await linesOfCsv('\uFEFFcourseId\r\n\r\nc-1\r\n')).toBe('{"courseId":"c-1"}\n');
  });

  it('may have line breaks, commas and quotes within quotes', async () => {
    expect(await linesOfCsv('content\n"one, ""two""\nthree"\n')).toBe(
      '{"content":"one, \\"two\\"\\nthree"}\n',
    );
  });

  it('goes on after a row with too few or too many cells', async () => {
    expect(await linesOfCsv('courseId,rating\nc-1\nc-2,3,x\nc-3,4\n')).toBe(
      '{"courseId":"c-1"}\n{"courseId":"c-2","rating":3,"column 3":"x"}\n{"courseId":"c-3","rating":4}\n',
    );
  });

  it('is refused when a quote never ends', async () => {
    await expect(linesOfCsv('content\n"never ends\n')).rejects.toThrow('The file is not CSV');
  });

  it('is refused with an impossible header', async () => {
    await expect(linesOfCsv('a,a\n1,2\n')).rejects.toThrow('two columns named a');
  });
});
