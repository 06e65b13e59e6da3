import { describe, expect, it } from '@jest/globals';
import { metadataRequest } from './kafka-probe.js';

describe('the question to a broker', () => {
  it('is a metadata request of version 1 for no topic, with its own length in front', () => {
    const request = metadataRequest('me');
    expect([...request]).toEqual([
      ...[0, 0, 0, 16], // bytes that follow
      ...[0, 3, 0, 1], // metadata, version 1
      ...[0, 0, 0, 1], // correlation id
      ...[0, 2, 0x6d, 0x65], // client id
      ...[0, 0, 0, 0], // topics
    ]);
  });
});
