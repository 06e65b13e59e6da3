import { describe, expect, it } from '@jest/globals';
import type { Producer, ProducerRecord, RecordMetadata } from 'kafkajs';
import type { OutputRecord } from '../records.js';
import { chunksOf, sendInChunks } from './send.js';

const recordOf = (bytes: number): OutputRecord => ({ key: null, value: Buffer.alloc(bytes) });
const sizes = (records: readonly OutputRecord[]): readonly number[] =>
  [...chunksOf(records)].map((chunk) => chunk.length);

/** A sender that answers as a broker does, unless told otherwise. */
const sender = (answerOf: (request: ProducerRecord) => Partial<RecordMetadata>): Pick<Producer, 'send'> => {
  let end = 0;
  return {
    send(request) {
      const partition = request.messages[0]?.partition ?? -1;
      const answer = {
        topicName: request.topic,
        partition,
        errorCode: 0,
        baseOffset: String(end),
        logAppendTime: '7',
      };
      end += request.messages.length;
      return Promise.resolve([{ ...answer, ...answerOf(request) }]);
    },
  };
};
const target = { topic: 't', partition: 3 };

describe('sending', () => {
  it('puts at most 250 records into a request', () => {
    expect(sizes(Array.from({ length: 600 }, () => recordOf(10)))).toEqual([250, 250, 100]);
  });

  it('puts at most 700 kB into a request', () => {
    expect(sizes(Array.from({ length: 5 }, () => recordOf(300_000)))).toEqual([2, 2, 1]);
  });

  it('counts the headers, too: a dead letter has many', () => {
    const record = { ...recordOf(200_000), headers: { reason: Buffer.alloc(100_000) } };
    expect(sizes(Array.from({ length: 5 }, () => record))).toEqual([2, 2, 1]);
  });

  it('sends a record that is too large for company alone', () => {
    expect(sizes([recordOf(10), recordOf(900_000), recordOf(10)])).toEqual([1, 1, 1]);
  });

  it('tells the first offset and the one after the last over all requests', async () => {
    const records = Array.from({ length: 600 }, () => recordOf(1));
    await expect(
      sendInChunks(
        sender(() => ({})),
        target,
        records,
      ),
    ).resolves.toEqual({
      firstOffset: 0,
      endOffset: 600,
      appendTimeMs: 7,
    });
  });

  it('does not believe an answer for another partition', async () => {
    const wrong = sender(() => ({ partition: 2 }));
    await expect(sendInChunks(wrong, target, [recordOf(1)])).rejects.toThrow('names other partitions');
  });
});
