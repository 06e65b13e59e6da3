import { describe, expect, it } from '@jest/globals';
import { SchemaRegistryError } from '@reviews/contracts';
import { ReadModelError } from '@reviews/read-model';
import { StreamsError } from '@reviews/streams';
import { setTimeout } from 'node:timers/promises';
import { allWhenAvailable, mayPass, whenAvailable } from './when-available.js';

const kafkaStarting = new StreamsError('TRANSIENT', 'Kafka does not answer');

describe('a part that is just starting', () => {
  it('is asked again', async () => {
    let attempts = 0;
    await whenAvailable(() => (++attempts < 2 ? Promise.reject(kafkaStarting) : Promise.resolve()));
    expect(attempts).toBe(2);
  });

  it('is given up when the patience is over, with its own words', async () => {
    await expect(whenAvailable(() => Promise.reject(kafkaStarting), { patienceMs: 1 })).rejects.toMatchObject(
      {
        name: 'CliError',
        message: 'Kafka does not answer',
      },
    );
  });
});

describe('parts that are made ready side by side', () => {
  it('fail when all of them are at rest, and wait for nobody any more', async () => {
    const refused = new SchemaRegistryError('REGISTRY_REFUSED', 'incompatible');
    const ended: string[] = [];
    const failing = allWhenAvailable([
      () => Promise.reject(refused),
      async () => {
        await setTimeout(50);
        ended.push('slow');
      },
      () => Promise.reject(kafkaStarting),
    ]);
    await expect(failing).rejects.toMatchObject({ name: 'CliError', message: 'incompatible' });
    expect(ended).toEqual(['slow']);
  });
});

describe('a set-up', () => {
  it('is not tried again when topics differ: that takes a person', async () => {
    const mismatch = new StreamsError(
      'TOPOLOGY_MISMATCH',
      'Topic reviews has 8 partitions, 4 were asked for',
    );
    let attempts = 0;
    const failing = whenAvailable(() => {
      attempts += 1;
      return Promise.reject(mismatch);
    });
    await expect(failing).rejects.toMatchObject({ name: 'CliError', message: mismatch.message });
    expect(attempts).toBe(1);
  });

  it.each([
    ['Kafka starting', kafkaStarting, true],
    ['a registry that does not answer', new SchemaRegistryError('REGISTRY_UNAVAILABLE', ''), true],
    ['a registry that refuses', new SchemaRegistryError('REGISTRY_REFUSED', ''), false],
    ['a database that does not answer', new ReadModelError('DATABASE_UNAVAILABLE', ''), true],
    ['a migration with a mistake', new ReadModelError('QUERY_REFUSED', ''), false],
    ['an error of our own', new TypeError(''), false],
  ])('knows whether waiting helps: %s', (_, error, expected) => {
    expect(mayPass(error)).toBe(expected);
  });
});
