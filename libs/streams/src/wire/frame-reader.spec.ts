import { describe, expect, it } from '@jest/globals';
import { FrameReader } from './frame-reader.js';

const framed = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};

const readInChunksOf = (bytes: Buffer, size: number): readonly string[] => {
  const frames: string[] = [];
  const reader = new FrameReader((frame) => frames.push(String(frame)));
  for (let at = 0; at < bytes.length; at += size) reader.add(bytes.subarray(at, at + size));
  return frames;
};

describe('frames', () => {
  const texts = ['four', 'a longer one', 'x'.repeat(100), 'last'];
  const bytes = Buffer.concat(texts.map(framed));

  it('are the same however they were cut into chunks', () => {
    for (let size = 1; size <= bytes.length; size++) expect(readInChunksOf(bytes, size)).toEqual(texts);
  });

  it('are given when they are whole, not before', () => {
    expect(readInChunksOf(bytes.subarray(0, -1), 7)).toEqual(texts.slice(0, -1));
  });

  it.each<[string, number]>([
    ['no frame could have', 3],
    ['is negative', -1],
    ['no broker would answer with', 0x7fffffff],
  ])('are refused when their length is one that %s', (_what, length) => {
    const header = Buffer.alloc(4);
    header.writeInt32BE(length);
    expect(() => readInChunksOf(header, 4)).toThrow(`Not a Kafka frame: length ${length}`);
  });
});
