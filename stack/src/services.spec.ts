import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';
import { httpUrl, serviceEnvironment } from './services.js';

const addresses = {
  url: 'http://127.0.0.1:3000',
  kafkaBrokers: '127.0.0.1:9092',
  schemaRegistryUrl: 'http://127.0.0.1:8081/apis/ccompat/v7',
  databaseUrl: 'postgresql://127.0.0.1/reviews',
};

describe('what a service is told', () => {
  it('is what the user set, where the user set something', () => {
    const env = { SESSION_TIMEOUT_MS: '30000', TRANSACTION_TIMEOUT_MS: '' };
    const told = serviceEnvironment({ checkout: '/', config: parseConfig({}), addresses, env });
    expect(told).toMatchObject({ SESSION_TIMEOUT_MS: '30000', TRANSACTION_TIMEOUT_MS: '5000' });
  });

  it('names the servers that really run', () => {
    const told = serviceEnvironment({ checkout: '/', config: parseConfig({}), addresses, env: {} });
    expect(told).toMatchObject({ KAFKA_BROKERS: '127.0.0.1:9092', KAFKA_REPLICATION_FACTOR: '1' });
  });

  it('leaves the copies of a topic to whoever runs the cluster', () => {
    const config = parseConfig({ KAFKA_BROKERS: 'kafka:9092' });
    const told = serviceEnvironment({ checkout: '/', config, addresses, env: {} });
    expect(told).not.toHaveProperty('KAFKA_REPLICATION_FACTOR');
  });
});

describe('the URL of a service', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://127.0.0.1:80'],
    ['::1', 'http://[::1]:80'],
  ])('listening on %s is %s', (host, url) => {
    expect(httpUrl(host, 80)).toBe(url);
  });
});
