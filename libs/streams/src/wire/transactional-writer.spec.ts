import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { OutputRecord } from '../records.js';
import type { TransactionalWriter } from '../task/task-log.js';
import { startScriptedBroker, type ApiName, type ScriptedBroker } from '../testing/wire/scripted-broker.js';
import { fenceOnWire } from './transactional-writer.js';

const [NOT_LEADER, LOADING, NOT_COORDINATOR, OUT_OF_ORDER, FENCED, CONCURRENT, TOO_LARGE] = [
  6, 14, 16, 45, 47, 51, 10,
];
/** Four of them fill a request. */
const LARGE_BYTES = 220_000;

let brokers: ScriptedBroker[];
let broker: ScriptedBroker;
let other: ScriptedBroker;
let writers: TransactionalWriter[];

beforeEach(async () => {
  writers = [];
  brokers = await Promise.all([startScriptedBroker(), startScriptedBroker()]);
  [broker, other] = brokers as [ScriptedBroker, ScriptedBroker];
});
afterEach(async () => {
  await Promise.all(writers.map((writer) => writer.discard()));
  await Promise.all(brokers.map((each) => each.close()));
});

const target = { topic: 'out', partition: 2 };
const records = (count: number, bytes = 1): readonly OutputRecord[] =>
  Array.from({ length: count }, () => ({ key: null, value: Buffer.alloc(bytes) }));

const fence = async (requestTimeoutMs = 10_000): Promise<TransactionalWriter> => {
  const writer = await fenceOnWire(
    {
      clientId: 'spec',
      brokers: [broker.address],
      connectTimeoutMs: 5_000,
      requestTimeoutMs,
      transactionTimeoutMs: 10_000,
    },
    'writer-0',
  );
  writers.push(writer);
  return writer;
};
const begun = async (): Promise<TransactionalWriter> => {
  const writer = await fence();
  await writer.begin([target]);
  return writer;
};
const apisOf = (of: ScriptedBroker): readonly ApiName[] => of.asked.map(({ api }) => api);
const countOf = (api: ApiName): number => apisOf(broker).filter((name) => name === api).length;
const sequencesOf = (of: ScriptedBroker): readonly number[] =>
  of.asked.filter(({ api }) => api === 'Produce').map(({ baseSequence }) => baseSequence);

describe('fencing', () => {
  it('finds the coordinator and asks it, wherever it is', async () => {
    broker.coordinator = other.address;
    await fence();
    expect([apisOf(broker), apisOf(other)]).toEqual([['FindCoordinator'], ['InitProducerId']]);
  });

  it.each([LOADING, NOT_COORDINATOR, CONCURRENT])('asks again after error %i', async (error) => {
    broker.script.InitProducerId = [error, error];
    await fence();
    expect(countOf('InitProducerId')).toBe(3);
    expect(countOf('FindCoordinator')).toBe(3);
  });

  it('asks again when its connection broke', async () => {
    broker.script.InitProducerId = ['cut'];
    await fence();
    expect(countOf('InitProducerId')).toBe(2);
  });

  it('says at once what no other try can cure', async () => {
    const invalidTransactionTimeout = 50;
    broker.script.InitProducerId = [invalidTransactionTimeout];
    await expect(fence()).rejects.toMatchObject({ code: 'FATAL' });
    expect(countOf('InitProducerId')).toBe(1);
  });

  it('says so when the broker does not speak what is spoken here', async () => {
    broker.versions = { min: 4, max: 9 };
    await expect(fence()).rejects.toThrow('The broker does not speak Produce version 3');
  });
});

describe('a transaction', () => {
  it('names its partitions in one request, and others with the first send', async () => {
    const writer = await fence();
    const later = { topic: 'later', partition: 0 };
    await writer.begin([target, { topic: 'out', partition: 0 }, { topic: 'changelog', partition: 2 }]);
    await writer.send(target, records(1));
    await writer.send(later, records(1));
    await writer.send(later, records(1));
    const added = broker.asked.filter(({ api }) => api === 'AddPartitionsToTxn');
    expect(added.map(({ partitions }) => partitions.length)).toEqual([3, 1]);
  });

  it('sends to several partitions of a leader in one request, once it knows who leads them', async () => {
    const writer = await fence();
    const targets = [target, { topic: 'changelog', partition: 2 }];
    const sendToAll = () => Promise.all(targets.map((each) => writer.send(each, records(2))));
    await writer.begin(targets);
    await sendToAll();
    const requests = countOf('Produce');
    const sent = await sendToAll();
    expect(countOf('Produce')).toBe(requests + 1);
    expect(sent.map(({ endOffset, firstOffset }) => endOffset - firstOffset)).toEqual([2, 2]);
  });

  it('waits for the markers of the one before', async () => {
    broker.script.AddPartitionsToTxn = [CONCURRENT, CONCURRENT, CONCURRENT];
    await begun();
    expect(countOf('AddPartitionsToTxn')).toBe(4);
  });

  it('that wrote nothing ends without a request', async () => {
    const writer = await fence();
    await writer.begin();
    await writer.commit();
    expect(countOf('EndTxn')).toBe(0);
  });

  it.each<[string, number, string]>([
    ['when a newer owner is there', FENCED, 'FENCED'],
    ['while the coordinator moves', NOT_COORDINATOR, 'TRANSIENT'],
  ])('is committed by one request, never two: %s', async (_when, error, code) => {
    const writer = await begun();
    broker.script.EndTxn = [error];
    await expect(writer.commit()).rejects.toMatchObject({ code });
    expect(countOf('EndTxn')).toBe(1);
  });

  it('whose commit is not answered ends with an unknown outcome, not with waiting', async () => {
    const writer = await fence(200);
    await writer.begin([target]);
    broker.script.EndTxn = ['silence'];
    await expect(writer.commit()).rejects.toMatchObject({ code: 'TRANSIENT' });
    expect(countOf('EndTxn')).toBe(1);
  });

  it('moves the offsets of a group once its coordinator is there', async () => {
    const writer = await begun();
    broker.script.TxnOffsetCommit = [NOT_COORDINATOR, LOADING];
    await writer.sendOffset('group', target, offsetOf(7));
    await writer.sendOffset('group', target, offsetOf(8));
    expect(countOf('AddOffsetsToTxn')).toBe(1);
    expect(countOf('TxnOffsetCommit')).toBe(4);
  });
});

describe('sending', () => {
  it('goes on with the sequence in the next transaction', async () => {
    const writer = await begun();
    await writer.send(target, records(3));
    await writer.send(target, records(2));
    await writer.commit();
    await writer.begin([target]);
    expect(await writer.send(target, records(1))).toMatchObject({ firstOffset: 5, endOffset: 6 });
    expect(sequencesOf(broker)).toEqual([0, 3, 5]);
  });

  it('has a sequence of its own in each partition', async () => {
    const writer = await begun();
    await Promise.all([
      writer.send(target, records(3)),
      writer.send({ topic: 'out', partition: 0 }, records(2)),
      writer.send({ topic: 'changelog', partition: 2 }, records(1)),
    ]);
    expect(sequencesOf(broker)).toEqual([0, 0, 0]);
  });

  it('goes to the new leader when the leader moved', async () => {
    const writer = await begun();
    await writer.send(target, records(1));
    broker.leader = other.address;
    broker.script.Produce = [NOT_LEADER];
    await writer.send(target, records(1));
    expect(sequencesOf(other)).toEqual([1]);
  });

  it('sends again what was not answered, from the first such request on', async () => {
    const writer = await begun();
    broker.script.Produce = [0, NOT_LEADER, OUT_OF_ORDER];
    const sent = await writer.send(target, records(12, LARGE_BYTES));
    expect(sent.endOffset).toBeGreaterThanOrEqual(12);
    expect(sequencesOf(broker)).toEqual([0, 4, 8, 4, 8]);
  });

  it('does not believe an answer for another partition', async () => {
    const writer = await begun();
    const wrong = Buffer.from('00000001' + '00036f7574' + '00000001' + '00000003' + '0000', 'hex');
    broker.script.Produce = [Buffer.concat([wrong, Buffer.alloc(8 + 8 + 4)])];
    await expect(writer.send(target, records(1))).rejects.toThrow('does not name out/2');
  });

  it.each([0, 1, 10, 30])('ends with an error at an answer of %i bytes', async (bytes) => {
    const writer = await begun();
    broker.script.Produce = [Buffer.alloc(bytes, 1)];
    await expect(writer.send(target, records(1))).rejects.toMatchObject({ code: 'FATAL' });
  });

  it('needs a record', async () => {
    await expect((await begun()).send(target, [])).rejects.toMatchObject({ code: 'FATAL' });
  });

  it('is over when the writer is discarded', async () => {
    const writer = await begun();
    broker.script.Produce = ['silence'];
    const sending = writer.send(target, records(1));
    const outcome = expect(sending).rejects.toMatchObject({ code: 'TRANSIENT' });
    await writer.discard();
    await outcome;
  });
});

describe('a writer that failed', () => {
  it('fails whatever it is asked later, and asks nobody', async () => {
    const writer = await begun();
    broker.script.Produce = [TOO_LARGE];
    await expect(writer.send(target, records(1))).rejects.toMatchObject({ code: 'FATAL' });
    const before = broker.asked.length;
    for (const act of [
      () => writer.send(target, records(1)),
      () => writer.sendOffset('group', target, offsetOf(1)),
      () => writer.commit(),
      () => writer.begin(),
    ])
      await expect(act()).rejects.toThrow('error 10');
    expect(broker.asked).toHaveLength(before);
  });

  it('can only be one that did something within a transaction', async () => {
    const writer = await fence();
    await expect(writer.send(target, records(1))).rejects.toThrow('outside a transaction');
    await writer.begin();
    await expect(writer.begin()).rejects.toThrow('begin inside a transaction');
  });
});
