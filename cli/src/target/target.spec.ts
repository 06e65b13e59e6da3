import { describe, expect, it } from '@jest/globals';
import { addressOf, targetOf, type RunningStack } from './target.js';

const running: RunningStack = {
  url: 'http://127.0.0.1:3000',
  kafkaBrokers: '127.0.0.1:9092',
  schemaRegistryUrl: 'http://127.0.0.1:8081',
  databaseUrl: 'postgresql://127.0.0.1/reviews',
  topicPrefix: 'mine-',
  topicPartitions: 8,
};

describe('the target of a command', () => {
  it('is the stack that runs here when nothing else is said', () => {
    expect(targetOf(undefined, {}, running)).toEqual({ ...running, kafkaBrokers: ['127.0.0.1:9092'] });
  });

  it('is what the environment says rather than what runs here', () => {
    const env = {
      REVIEWS_URL: 'http://elsewhere',
      KAFKA_BROKERS: 'a:1, b:2',
      SCHEMA_REGISTRY_URL: 'http://registry',
      DATABASE_URL: 'postgres://database',
      TOPIC_PREFIX: 'theirs-',
      TOPIC_PARTITIONS: '2',
    };
    expect(targetOf(undefined, env, running)).toEqual({
      url: 'http://elsewhere',
      kafkaBrokers: ['a:1', 'b:2'],
      schemaRegistryUrl: 'http://registry',
      databaseUrl: 'postgres://database',
      topicPrefix: 'theirs-',
      topicPartitions: 2,
    });
  });

  it('is the URL of the command line before all others', () => {
    const env = { REVIEWS_URL: 'http://elsewhere' };
    expect(targetOf('http://here', env, running).url).toBe('http://here');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(targetOf(undefined, { REVIEWS_URL: ' ', TOPIC_PARTITIONS: '' }, running)).toMatchObject({
      url: running.url,
      topicPartitions: 8,
    });
  });

  it('has no prefix and four partitions when nobody says otherwise', () => {
    expect(targetOf(undefined, {}, undefined)).toMatchObject({ topicPrefix: '', topicPartitions: 4 });
  });

  it.each(['0', '-1', '1.5', 'four'])('refuses %s partitions', (text) => {
    expect(() => targetOf(undefined, { TOPIC_PARTITIONS: text }, undefined)).toThrow('TOPIC_PARTITIONS');
  });

  it('says in one sentence how to name an address nobody knows', () => {
    const nowhere = targetOf(undefined, {}, undefined);
    expect(() => addressOf(nowhere, 'url')).toThrow(
      'No stack runs here: start it with "npm start", or say where it is with --url or REVIEWS_URL.',
    );
  });
});
