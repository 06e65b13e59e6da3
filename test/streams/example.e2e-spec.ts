import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { eventually } from '../support/eventually.js';
import { sharedInfrastructure } from '../support/launched-stack.js';
import { readToEnd } from '../support/topic-records.js';

const brokers = (): string => sharedInfrastructure()['KAFKA_BROKERS'] ?? '';
const kafka = () => new kafkajs.Kafka({ brokers: brokers().split(','), logLevel: kafkajs.logLevel.NOTHING });

const startExample = (): ChildProcess =>
  spawn(process.execPath, ['dist/libs/streams/example/word-count.js'], {
    env: { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: brokers() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

const write = async (...words: readonly string[]): Promise<void> => {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic: 'words', messages: words.map((value) => ({ value, partition: 0 })) });
  await producer.disconnect();
};

const written = async (topic: string): Promise<readonly string[]> => {
  const records = await readToEnd(brokers(), topic);
  return records.map(({ message }) => `${String(message.key)}=${String(message.value)}`);
};

describe('the example', () => {
  let example: ChildProcess | undefined;

  beforeAll(() => {
    example = startExample();
  });
  afterAll(() => {
    example?.kill('SIGKILL');
  });

  it('makes its topics, counts, sets aside what is no word, and remembers after a restart', async () => {
    await eventually(async () => {
      await write('fish', 'fish', ' ', 'cat');
    });
    await eventually(async () => {
      expect(await written('word-counts')).toEqual(['fish=1', 'fish=2', 'cat=1']);
    });
    expect(await written('word-count-dead-letters')).toEqual(['null= ']);

    const stopped = once(example as ChildProcess, 'exit');
    example?.kill('SIGTERM');
    expect(await stopped).toEqual([0, null]);
    example = startExample();
    await write('fish');
    await eventually(async () => {
      expect(await written('word-counts')).toEqual(['fish=1', 'fish=2', 'cat=1', 'fish=3']);
    });
  });
});
