import { describe, expect, it } from '@jest/globals';
import { kafkaProperties } from './kafka-properties.js';

const listeners = {
  nodeId: 2,
  port: 9092,
  controllerPort: 9093,
  voters: '1@127.0.0.1:9193,2@127.0.0.1:9093',
};

describe('server.properties', () => {
  it('keeps everything on the loopback address, never on a name', () => {
    const text = kafkaProperties(listeners, '/data', {});
    expect(text).toContain('listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\n');
    expect(text).not.toContain('localhost');
  });

  it('gives overrides the last word', () => {
    const text = kafkaProperties(listeners, '/data', { 'offsets.topic.replication.factor': '3' });
    expect(text.match(/^offsets\.topic\.replication\.factor=.*$/gm)).toEqual([
      'offsets.topic.replication.factor=3',
    ]);
  });
});
