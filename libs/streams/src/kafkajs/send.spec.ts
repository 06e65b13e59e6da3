import { describe, expect, it } from '@jest/globals';
import type { Producer, ProducerRecord, RecordMetadata } from 'kafkajs';
import type { OutputRecord } from '../records.js';
import { sendOnce } from './send.js';

const recordOf = (bytes: number): OutputRecord => ({ key: null, value: Buffer.alloc(bytes) });
/** A sender that answers as a broker does, unless told otherwise. */
const sender = (answerOf: (request: ProducerRecord) => Partial<RecordMetadata>): Pick<Producer, 'send'> => ({
  send(request) {
    const partition = request.messages[0]?.partition ?? -1;
    const answer = {
      topicName: request.topic,
      partition,
      errorCode: 0,
      baseOffset: '0',
      logAppendTime: '7',
    };
    return Promise.resolve([{ ...answer, ...answerOf(request) }]);
  },
});
const target = { topic: 't', partition: 3 };

describe('sending', () => {
  it('tells the first offset and the one after the last', async () => {
    const records = Array.from({ length: 3 }, () => recordOf(1));
    const answer = sender(() => ({ baseOffset: '40' }));
    await expect(sendOnce(answer, target, records)).resolves.toEqual({
      firstOffset: 40,
      endOffset: 43,
      appendTimeMs: 7,
    });
  });

  it('does not believe an answer for another partition', async () => {
    const wrong = sender(() => ({ partition: 2 }));
    await expect(sendOnce(wrong, target, [recordOf(1)])).rejects.toThrow('names other partitions');
  });
});
