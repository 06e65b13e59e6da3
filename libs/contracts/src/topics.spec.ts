import { describe, expect, it } from '@jest/globals';
import { AVRO_TOPICS } from './schemas.js';
import {
  changelogTopic,
  deadLetterTopic,
  redrivesTopic,
  subjectOf,
  topicCatalogue,
  topicName,
} from './topics.js';

const configOf = (name: string): Readonly<Record<string, string>> | undefined =>
  topicCatalogue('').find((topic) => topic.name === name)?.config;

describe('the catalogue of topics', () => {
  it('is complete', () => {
    expect(topicCatalogue('').map(({ name }) => name)).toEqual([
      'reviews',
      'reviews-valid',
      'reviews-fraud',
      'long-term-stats',
      'recent-stats',
      'aggregator-progress',
      'fraud-detector-progress',
      'fraud-detector-changelog',
      'fraud-detector-dead-letters',
      'aggregator-changelog',
      'aggregator-dead-letters',
      'fraud-detector-redrives',
    ]);
  });

  it('never deletes what was written to the logs of commands, facts and held reviews', () => {
    for (const name of ['reviews', 'reviews-valid', 'reviews-fraud'])
      expect(configOf(name)).toMatchObject({
        'cleanup.policy': 'delete',
        'retention.ms': '-1',
        'retention.bytes': '-1',
      });
  });

  it('lets the broker date everything a day or a receipt is taken from', () => {
    for (const name of ['reviews', 'reviews-valid', 'fraud-detector-changelog', 'aggregator-changelog'])
      expect(configOf(name)).toMatchObject({ 'message.timestamp.type': 'LogAppendTime' });
  });

  it('creates every topic so that no clock of a service stamps anything', () => {
    for (const { name, config, creationConfig } of topicCatalogue(''))
      expect([name, { ...creationConfig, ...config }['message.timestamp.type']]).toEqual([
        name,
        'LogAppendTime',
      ]);
  });

  it('keeps only the latest statistic, progress and state', () => {
    for (const name of ['long-term-stats', 'recent-stats', 'aggregator-progress', 'aggregator-changelog'])
      expect(configOf(name)).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  it('keeps dead letters for 30 days', () => {
    expect(configOf('aggregator-dead-letters')).toMatchObject({ 'retention.ms': '2592000000' });
  });

  it('never forgets which dead letters were sent again', () => {
    expect(configOf('fraud-detector-redrives')).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  it('puts the prefix in front of every topic and subject', () => {
    expect(topicCatalogue('x-').every(({ name }) => name.startsWith('x-'))).toBe(true);
    expect(topicCatalogue('x-').map(({ name }) => name.slice(2))).toEqual(
      topicCatalogue('').map(({ name }) => name),
    );
    expect(AVRO_TOPICS.map((topic) => topicName('x-', topic))).toEqual(
      topicCatalogue('x-')
        .slice(0, AVRO_TOPICS.length)
        .map(({ name }) => name),
    );
    expect(changelogTopic('x-', 'aggregator')).toBe('x-aggregator-changelog');
    expect(deadLetterTopic('x-', 'fraud-detector')).toBe('x-fraud-detector-dead-letters');
    expect(redrivesTopic('x-', 'fraud-detector')).toBe('x-fraud-detector-redrives');
    expect(subjectOf('x-', 'reviews-valid')).toBe('x-reviews-valid-value');
  });
});
