import { describe, expect, it } from '@jest/globals';
import { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import { ProcessTime } from '../time/process-time.js';
import { VirtualTime } from '../time/virtual-time.js';
import { PLAIN_HABITS } from './in-memory-client.js';
import { InMemoryProducer } from './in-memory-producer.js';
import { Network, PERFECT_NETWORK, type RequestFault, type RequestKind } from './network.js';

const TARGET = { topic: 'topic', partition: 0 };
const record = (text: string) => ({ key: null, value: Buffer.from(text) });

/** One producer whose next request of a kind can be made to fail, and which tries nothing twice. */
const worldOf = () => {
  const time = new VirtualTime();
  const cluster = new InMemoryCluster({
    nowMs: () => time.nowMs(),
    schedule: (delayMs, callback) => void time.schedule(delayMs, callback),
  });
  const faults = new Map<RequestKind, RequestFault>();
  const plan = {
    ...PERFECT_NETWORK,
    faultOf(kind: RequestKind) {
      const fault = faults.get(kind) ?? 'none';
      faults.delete(kind);
      return fault;
    },
  };
  const life = new ProcessTime(time);
  const network = new Network(time, life, plan, () => undefined);
  const habits = { ...PLAIN_HABITS, retriesSend: () => false };
  const producer = new InMemoryProducer({ cluster, network, clock: life, habits }, 'id', 60_000);
  const values = () => cluster.committed(TARGET).map(({ value }) => String(value));
  return {
    producer,
    faults,
    values,
    cluster,
    done: async <T>(promise: Promise<T>): Promise<T> => {
      const state = { isSettled: false };
      const settle = (): void => {
        state.isSettled = true;
      };
      promise.then(settle, settle);
      await time.run({ untilMs: time.nowMs() + 10_000, isDone: () => state.isSettled });
      return promise;
    },
  };
};

// What the real client was seen to do is in test/kafkajs.
describe('the producer in memory is as dangerous as the real one', () => {
  it('loses records without an error when it is used again after a send without an answer', async () => {
    const { producer, faults, values, cluster, done } = worldOf();
    await done(producer.begin());
    faults.set('Produce', 'response lost');
    await expect(done(producer.send(TARGET, [record('unanswered')]))).rejects.toThrow('response lost');
    await done(producer.abort());
    await done(producer.begin());
    expect(await done(producer.send(TARGET, [record('lost')]))).toMatchObject({ firstOffset: 0 });
    await done(producer.commit());
    expect(values()).toEqual([]);
    expect(cluster.duplicates).toBe(1);
  });

  it('is refused when what it sends again has another number of records', async () => {
    const { producer, faults, done } = worldOf();
    await done(producer.begin());
    faults.set('Produce', 'response lost');
    await expect(done(producer.send(TARGET, [record('unanswered')]))).rejects.toThrow('response lost');
    const twoInstead = done(producer.send(TARGET, [record('a'), record('b')]));
    await expect(twoInstead).rejects.toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER (45)');
  });

  it.each<[RequestFault, readonly string[]]>([
    ['request lost', []],
    ['response lost', ['written']],
  ])('can do nothing more after a commit that met "%s"', async (fault, expected) => {
    const { producer, faults, values, done } = worldOf();
    await done(producer.begin());
    await done(producer.send(TARGET, [record('written')]));
    faults.set('EndTxn', fault);
    await expect(done(producer.commit())).rejects.toThrow(fault);
    await expect(done(producer.begin())).rejects.toThrow(
      'Cannot call "beginTransaction" in state "COMMITTING"',
    );
    expect(values()).toEqual(expected);
  });
});
