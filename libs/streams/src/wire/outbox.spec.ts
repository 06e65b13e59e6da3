import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { SentRecords } from '../task/task-log.js';
import type { WireRequest } from './api.js';
import { BufferReader } from './buffer-reader.js';
import { BufferWriter } from './buffer-writer.js';
import { Outbox } from './outbox.js';
import { planBatch } from './record-batch.js';
import type { TargetedBatch } from './requests/produce.js';
import { MalformedAnswerError, ProtocolError } from './wire-error.js';

const TOPIC = 'reviews';
const NOT_LEADER = 6;
const PRODUCER = { transactionalId: null, producerId: 1, producerEpoch: 0 };

const batchTo = (partition: number, records = 1): TargetedBatch => ({
  topic: TOPIC,
  partition,
  plan: planBatch(Array.from({ length: records }, () => ({ key: null, value: Buffer.from('x') }))),
  baseSequence: 0,
  timestampMs: 0,
});

interface Answer {
  readonly partition: number;
  readonly error?: number;
  readonly baseOffset?: number;
}

const answerOf = (answers: readonly Answer[]): BufferReader => {
  const writer = new BufferWriter();
  writer
    .array([TOPIC], (topic) => {
      writer.string(topic).array(answers, ({ partition, error = 0, baseOffset = 0 }) => {
        writer.int32(partition).int16(error).int64(baseOffset).int64(7);
      });
    })
    .int32(0);
  return new BufferReader(writer.written);
};

/** A broker that answers each request by hand. */
const fakeBroker = () => {
  const sizes: number[] = [];
  const answers: ((answers: readonly Answer[]) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const request = <T>(sent: WireRequest<T>): Promise<T> => {
    const writer = new BufferWriter();
    sent.write(writer);
    sizes.push(writer.length);
    return new Promise((resolve, reject) => {
      failures.push(reject);
      answers.push((given) => {
        try {
          resolve(sent.read(answerOf(given)));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  };
  const outbox = new Outbox(() => Promise.resolve({ request }), PRODUCER, 1_000);
  return { outbox, sizes, answers, failures };
};

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const sentAt = (firstOffset: number, records: number): SentRecords => ({
  firstOffset: offsetOf(firstOffset),
  endOffset: offsetOf(firstOffset + records),
  appendTimeMs: 7,
});

describe('an outbox', () => {
  it('makes one request of what it is given in one turn, and gives everybody the answer to his batch', async () => {
    const { outbox, answers } = fakeBroker();
    const sending = Promise.all([outbox.send(batchTo(0)), outbox.send(batchTo(3, 2))]);
    await soon();
    expect(answers).toHaveLength(1);
    answers[0]?.([
      { partition: 3, baseOffset: 30 },
      { partition: 0, baseOffset: 5 },
    ]);
    expect(await sending).toEqual([sentAt(5, 1), sentAt(30, 2)]);
  });

  it('makes a request of each batch of a partition, in order, and lets others go along', async () => {
    const { outbox, answers } = fakeBroker();
    const sending = Promise.all([
      outbox.send(batchTo(0, 1)),
      outbox.send(batchTo(0, 2)),
      outbox.send(batchTo(1, 3)),
      outbox.send(batchTo(0, 4)),
    ]);
    await soon();
    expect(answers).toHaveLength(3);
    answers[0]?.([
      { partition: 0, baseOffset: 10 },
      { partition: 1, baseOffset: 5 },
    ]);
    answers[1]?.([{ partition: 0, baseOffset: 11 }]);
    answers[2]?.([{ partition: 0, baseOffset: 13 }]);
    expect(await sending).toEqual([sentAt(10, 1), sentAt(11, 2), sentAt(5, 3), sentAt(13, 4)]);
  });

  it('says in advance how large a request is', async () => {
    const { outbox, sizes } = fakeBroker();
    void outbox.send(batchTo(0, 40));
    void outbox.send(batchTo(1, 300));
    await soon();
    const { size } = { size: batchTo(0, 40).plan.size + batchTo(1, 300).plan.size };
    expect(sizes[0]).toBeGreaterThan(size);
    expect(sizes[0]).toBeLessThan(size + 200);
  });

  it('fails only the batch that was refused', async () => {
    const { outbox, answers } = fakeBroker();
    const [refused, appended] = [outbox.send(batchTo(0)), outbox.send(batchTo(1))];
    await soon();
    answers[0]?.([{ partition: 0, error: NOT_LEADER }, { partition: 1 }]);
    await expect(refused).rejects.toEqual(new ProtocolError(NOT_LEADER, 'Produce to reviews/0'));
    expect(await appended).toEqual(sentAt(0, 1));
  });

  it('trusts no answer that names other partitions', async () => {
    const { outbox, answers } = fakeBroker();
    for (const [index, given] of [[{ partition: 1 }], [], [{ partition: 0 }, { partition: 0 }]].entries()) {
      const sending = outbox.send(batchTo(0));
      await soon();
      answers[index]?.(given);
      await expect(sending).rejects.toBeInstanceOf(MalformedAnswerError);
    }
  });

  it('fails everything in a request that is not answered, and sends what comes later', async () => {
    const { outbox, answers, failures } = fakeBroker();
    const sending = [outbox.send(batchTo(0)), outbox.send(batchTo(1))];
    await soon();
    const failure = new Error('cut');
    failures[0]?.(failure);
    for (const one of sending) await expect(one).rejects.toBe(failure);
    const later = outbox.send(batchTo(0));
    await soon();
    answers[1]?.([{ partition: 0, baseOffset: 9 }]);
    expect(await later).toEqual(sentAt(9, 1));
  });

  it('fails what waits for a connection that cannot be made', async () => {
    const failure = new Error('nobody there');
    const outbox = new Outbox(() => Promise.reject(failure), PRODUCER, 1_000);
    for (const one of [outbox.send(batchTo(0)), outbox.send(batchTo(1))])
      await expect(one).rejects.toBe(failure);
    await expect(outbox.send(batchTo(0))).rejects.toBe(failure);
  });
});
