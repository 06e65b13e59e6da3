import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaLogAppender, type LogAppender } from '@reviews/streams';
import { randomOf } from '@reviews/streams/testing';
import {
  committedValues,
  expectCommitted,
  newTopic,
  portConnection,
  sharedBrokers,
} from '../support/bare-kafka.js';
import { startKafkaProxy, type Fate, type KafkaProxy } from '../support/kafka-proxy.js';

const ROUNDS = 24;
const TOPICS = 3;
/** What becomes of requests to append, at random. */
const FATES: readonly Fate[] = ['pass', 'pass', 'pass', 'cut request', 'cut response'];

let proxy: KafkaProxy;
let topics: readonly string[];
let appender: LogAppender;

const openAppender = (timeoutMs: number): LogAppender =>
  kafkaLogAppender(portConnection({ socketFactory: proxy.socketFactory }), { timeoutMs });

beforeEach(async () => {
  proxy = await startKafkaProxy({ brokers: sharedBrokers() });
  topics = await Promise.all(Array.from({ length: TOPICS }, () => newTopic()));
  appender = openAppender(10_000);
});
afterEach(async () => {
  await appender.close();
  await proxy.close();
});

/** Appends a text to each topic at the same time; returns the offsets. */
const appendToAll = (text: string): Promise<readonly number[]> =>
  Promise.all(
    topics.map(async (topic) => {
      const { offset } = await appender.append(
        { topic, partition: 0 },
        { key: null, value: Buffer.from(text) },
      );
      return offset;
    }),
  );

describe('appending', () => {
  it('has each record in the log once and in order, whichever requests and answers are lost', async () => {
    const random = randomOf(1);
    proxy.fateOf = ({ apiName }) => (apiName === 'Produce' ? random.pick(FATES) : 'pass');
    const texts = Array.from({ length: ROUNDS }, (_, round) => String(round));
    for (const [round, text] of texts.entries())
      expect(await appendToAll(text)).toEqual(topics.map(() => round));
    expect(proxy.cutRequests.get('Produce')).toBeGreaterThan(0);
    expect(proxy.cutResponses.get('Produce')).toBeGreaterThan(0);
    for (const topic of topics) await expectCommitted(topic, texts);
  });

  it('sends what goes to several partitions of a leader in one request', async () => {
    // Whoever sends for the first time asks first who leads.
    await appendToAll('first');
    const before = proxy.requests.get('Produce') ?? 0;
    await appendToAll('second');
    expect(proxy.requests.get('Produce')).toBe(before + 1);
  });

  it('gives up in time when no answer ever comes, and goes on by another producer', async () => {
    await appender.close();
    appender = openAppender(300);
    proxy.fateOf = ({ apiName }) => (apiName === 'Produce' ? 'cut request' : 'pass');
    await expect(appendToAll('lost')).rejects.toMatchObject({ code: 'TRANSIENT' });
    proxy.fateOf = () => 'pass';
    expect(await appendToAll('found')).toHaveLength(TOPICS);
    // What was given up may still have been on its way when the broker could be reached again, but not any later.
    for (const topic of topics) {
      const values = await committedValues(topic);
      expect(values.filter((value) => value !== 'lost')).toEqual(['found']);
      expect(values.at(-1)).toBe('found');
    }
  });
});
