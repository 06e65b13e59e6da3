import { describe, expect, it } from '@jest/globals';
import { murmur2, toPositive } from './murmur2.js';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("Kafka's murmur2", () => {
  // The vectors of Kafka's own UtilsTest for org.apache.kafka.common.utils.Utils.murmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %j as the broker-side clients do', (text, hash) => {
    expect(murmur2(bytesOf(text))).toBe(hash);
  });

  // Computed once with kafkajs's port of it, src/producer/partitioners/default/murmur2.js.
  it.each([
    ['', 275646681],
    ['a', -1563381124],
    ['ab', 316155434],
    ['abcd', -1323649548],
    ['machine-learning-101', 1609079831],
    ['5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90', -1600219112],
    ['~'.repeat(64), 1398708259],
    ['\u00ff', -311467685],
    ['\u0080\u00ff\u0000', 2014942385],
    ['\u00ff\u00fe\u00fd\u00fc\u00fb\u00fa\u00f9', -166236347],
  ])('hashes %j as kafkajs does: any length, bytes above 127 unsigned', (text, hash) => {
    expect(murmur2(bytesOf(text))).toBe(hash);
  });

  it('is made positive by dropping the sign bit, not by negating', () => {
    expect(toPositive(-1)).toBe(0x7fffffff);
    expect(toPositive(-0x80000000)).toBe(0);
    expect(toPositive(42)).toBe(42);
  });
});
