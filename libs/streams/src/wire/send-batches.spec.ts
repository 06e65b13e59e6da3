import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startScriptedBroker, type ScriptedBroker } from '../testing/wire/scripted-broker.js';
import { Cluster } from './cluster.js';
import { outboxesByBroker } from './outbox.js';
import { planBatches } from './record-batch.js';
import type { SequencedBatch } from './requests/produce.js';
import { sendBatches } from './send-batches.js';

const target = { topic: 'out', partition: 0 };
const identity = { transactionalId: 'writer-0', producerId: 42, producerEpoch: 0 };
const records = Array.from({ length: 12 }, () => ({ key: null, value: Buffer.alloc(1) }));
/** One record each. */
const batches = planBatches(records, 1).map((plan, index): SequencedBatch => ({
  plan,
  baseSequence: index,
  timestampMs: 0,
}));

let broker: ScriptedBroker;
let cluster: Cluster;

beforeEach(async () => {
  broker = await startScriptedBroker();
  const options = { clientId: 'spec', connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 };
  cluster = new Cluster({ ...options, brokers: [broker.address] });
});
afterEach(async () => {
  cluster.close();
  await broker.close();
});

const send = () => {
  const outboxTo = outboxesByBroker(cluster, identity, 1_000);
  return sendBatches({ cluster, outboxTo }, target, batches);
};
const sequences = (): readonly number[] =>
  broker.asked.filter(({ api }) => api === 'Produce').map(({ baseSequence }) => baseSequence);

describe('batches of a partition', () => {
  it('go out in order and are answered one by one', async () => {
    const sent = await send();
    expect(sequences()).toEqual(batches.map(({ baseSequence }) => baseSequence));
    expect(sent.map(({ endOffset }) => endOffset)).toEqual(batches.map((_, index) => index + 1));
  });

  it('are never more under way than the broker remembers', async () => {
    broker.script.Produce = ['silence', 'silence', 'silence', 'silence', 'silence', 'cut'];
    const sending = send();
    while (sequences().length < 5) await new Promise((later) => setTimeout(later, 1));
    cluster.close();
    await expect(sending).rejects.toThrow('closed by its user');
    expect(sequences()).toEqual([0, 1, 2, 3, 4]);
  });

  it('are sent again from the first that was not answered when the connection broke', async () => {
    broker.script.Produce = [0, 0, 'cut'];
    expect(await send()).toHaveLength(12);
    const again = sequences().lastIndexOf(2);
    expect(sequences().slice(again)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});
