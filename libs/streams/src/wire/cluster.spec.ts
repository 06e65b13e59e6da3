import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startScriptedBroker, type ScriptedBroker } from '../testing/wire/scripted-broker.js';
import { Cluster } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';
import { ConnectionError } from './wire-error.js';

const target = { topic: 'out', partition: 0 };

let broker: ScriptedBroker;
let gone: BrokerAddress;
let cluster: Cluster;

const clusterAt = (...brokers: readonly BrokerAddress[]): Cluster => {
  cluster = new Cluster({ clientId: 'spec', connectTimeoutMs: 5_000, requestTimeoutMs: 5_000, brokers });
  return cluster;
};

beforeEach(async () => {
  broker = await startScriptedBroker();
  const other = await startScriptedBroker();
  gone = other.address;
  await other.close();
});
afterEach(async () => {
  cluster.close();
  await broker.close();
});

describe('a cluster', () => {
  it('is reached through any broker that answers', async () => {
    expect(await clusterAt(gone, broker.address).leaderOf(target)).toEqual(broker.address);
  });

  it('is not held up by a broker that is connected to and says nothing, and asks it last from then on', async () => {
    const frozen = await startScriptedBroker();
    frozen.script.ApiVersions = ['silence', 'silence'];
    try {
      const brokers = [frozen.address, broker.address];
      cluster = new Cluster({ clientId: 'spec', connectTimeoutMs: 50, requestTimeoutMs: 60_000, brokers });
      const first = await cluster.anyConnection();
      expect(await cluster.connectionTo(broker.address)).toBe(first);
      first.close();
      await cluster.anyConnection();
      expect(frozen.script.ApiVersions).toHaveLength(1);
    } finally {
      await frozen.close();
    }
  });

  it('cannot be reached when none does', async () => {
    await expect(clusterAt(gone).coordinatorOf('group', 'g')).rejects.toThrow(ConnectionError);
  });

  it('is asked once who leads and who coordinates, and again when somebody may have moved', async () => {
    clusterAt(broker.address);
    const ask = async (): Promise<void> => {
      await cluster.leaderOf(target);
      await cluster.leaderOf({ ...target, partition: 1 });
      await cluster.coordinatorOf('transaction', 't');
    };
    await ask();
    await ask();
    expect(broker.asked).toHaveLength(2);
    cluster.forget();
    await ask();
    expect(broker.asked).toHaveLength(4);
  });

  it('says why a topic has no leader', async () => {
    const unknownTopic = 3;
    broker.script.Metadata = [unknownTopic];
    await expect(clusterAt(broker.address).leaderOf(target)).rejects.toMatchObject({ code: unknownTopic });
  });

  it('has one connection to a broker, whoever asks for it at the same time', async () => {
    clusterAt(broker.address);
    const [one, two] = await Promise.all([
      cluster.connectionTo(broker.address),
      cluster.connectionTo(broker.address),
    ]);
    expect(two).toBe(one);
    expect(await cluster.connectionTo(broker.address)).toBe(one);
  });

  it('connects anew when a connection broke', async () => {
    const first = await clusterAt(broker.address).connectionTo(broker.address);
    first.close();
    const second = await cluster.connectionTo(broker.address);
    expect(second.isOpen).toBe(true);
  });

  it('has no connections once it is closed, not even one that was being made', async () => {
    const connecting = clusterAt(broker.address).connectionTo(broker.address);
    cluster.close();
    await expect(connecting).rejects.toThrow('closed by its user');
    await expect(cluster.connectionTo(broker.address)).rejects.toThrow('closed by its user');
  });
});
