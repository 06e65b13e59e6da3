import { beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaLogAdmin, offsetOf, openRecordReader } from '@reviews/streams';
import { fenceWithKafka } from '@reviews/streams/testing';
import type { Producer } from 'kafkajs';
import {
  bareKafka,
  clientsPerTest,
  expectCommitted,
  newTopic,
  portConnection,
  uniqueName,
} from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';

const ABORT_MARKER_KEY = Buffer.alloc(4);
const connected = clientsPerTest();

let topic: string;

beforeEach(async () => {
  topic = await newTopic();
});

const newWriter = (): Promise<Producer> =>
  connected(bareKafka().producer({ transactionalId: uniqueName('writer'), maxInFlightRequests: 1 }));

const begin = async (producer: Producer) => {
  const transaction = await producer.transaction();
  return {
    ...transaction,
    sendOne: (value: string, key: Buffer | null = null) =>
      transaction.send({ topic, messages: [{ key, value, partition: 0 }] }),
  };
};

describe('a reader of committed records, with kafkajs', () => {
  it('is given aborted records when the transaction that began later is aborted first', async () => {
    //  writer 1 │ one ───────────────── aborted
    //  writer 2 │      two ── aborted
    const first = await begin(await newWriter());
    const second = await begin(await newWriter());
    await first.sendOne('one, aborted');
    await second.sendOne('two, aborted');
    await second.abort();
    await first.abort();
    await expectCommitted(topic, ['one, aborted']);
  });

  it('is given none of them when they are aborted in the order they began', async () => {
    const first = await begin(await newWriter());
    const second = await begin(await newWriter());
    await first.sendOne('one, aborted');
    await second.sendOne('two, aborted');
    await first.abort();
    await second.abort();
    await expectCommitted(topic, []);
  });

  it('is given every aborted record from one on whose key is four zero bytes', async () => {
    const transaction = await begin(await newWriter());
    await transaction.sendOne('before, aborted');
    await transaction.sendOne('zero key, aborted', ABORT_MARKER_KEY);
    await transaction.sendOne('after, aborted');
    await transaction.abort();
    await expectCommitted(topic, ['zero key, aborted', 'after, aborted']);
  });
});

describe('a reader of committed records, through our port', () => {
  it('is given none of two transactions that overlap, in whichever order they are aborted', async () => {
    const first = await begin(await newWriter());
    const second = await begin(await newWriter());
    await first.sendOne('one, aborted');
    await second.sendOne('two, aborted');
    await second.abort();
    await first.abort();
    const third = await begin(await newWriter());
    await third.sendOne('three');
    await third.commit();
    await expectRead(['three']);
  });

  it('takes a key of four zero bytes for a key', async () => {
    const transaction = await begin(await newWriter());
    await transaction.sendOne('zero key, aborted', ABORT_MARKER_KEY);
    await transaction.sendOne('after, aborted');
    await transaction.abort();
    await expectRead([]);
  });

  const expectRead = (values: readonly string[]): Promise<void> =>
    eventually(async () => {
      const admin = kafkaLogAdmin(portConnection());
      const reader = await openRecordReader(portConnection(), {
        name: uniqueName('reader'),
        topics: [topic],
      });
      try {
        const [{ high: end } = { high: offsetOf(0) }] = await admin.offsetsOf(topic);
        const read: string[] = [];
        for await (const records of reader.records({ topic, partition: 0 }, { from: offsetOf(0), end }))
          read.push(...records.map(({ value }) => String(value)));
        expect(read).toEqual(values);
      } finally {
        await Promise.all([reader.close(), admin.close()]);
      }
    });
});

describe('a partition that only one writer of our port and its fenced successors write', () => {
  it('never shows a record of a transaction that was open when its writer was fenced', async () => {
    const transactionalId = uniqueName('writer');
    const send = async (value: string) => {
      const writer = await fenceWithKafka(portConnection(), transactionalId, 60_000);
      await writer.begin();
      await writer.send({ topic, partition: 0 }, [{ key: null, value: Buffer.from(value) }]);
      return writer;
    };
    const generations = Array.from({ length: 6 }, (_, index) => index);
    for (const generation of generations) {
      const writer = await send(String(generation));
      if (generation % 2 === 0) await writer.commit();
      // The others stay open, and alive, until their successor fences them.
      if (generation % 2 === 0) await writer.discard();
    }
    await expectCommitted(topic, ['0', '2', '4']);
  });
});
