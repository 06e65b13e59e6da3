import { describe, expect, it } from '@jest/globals';
import { databaseConfig } from './database-config.js';
import { serviceConfig } from './service-config.js';

const required = {
  KAFKA_BROKERS: 'one:9092, two:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8081/apis/ccompat/v7',
};

describe('the options of a service', () => {
  it('have defaults for everything but the addresses of others', () => {
    expect(serviceConfig(required, 3000)).toEqual({
      kafkaBrokers: ['one:9092', 'two:9092'],
      schemaRegistryUrl: 'http://registry:8081/apis/ccompat/v7',
      topicPrefix: '',
      topicPartitions: 4,
      logLevel: 'info',
      host: '127.0.0.1',
      port: 3000,
      heartbeatIntervalMs: 1_000,
      transactionTimeoutMs: 8_000,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 30_000,
      transactionMaxRecords: 50_000,
      deadLettersPerMinute: 100,
    });
  });

  it('cannot be changed after they were read', () => {
    expect(Object.isFrozen(serviceConfig(required, 3000))).toBe(true);
  });

  it('count an empty variable as not set', () => {
    expect(serviceConfig({ ...required, PORT: '' }, 3000).port).toBe(3000);
  });

  it.each([
    ['KAFKA_BROKERS', { KAFKA_BROKERS: undefined }],
    ['KAFKA_BROKERS', { KAFKA_BROKERS: ' , ' }],
    ['SCHEMA_REGISTRY_URL', { SCHEMA_REGISTRY_URL: 'registry:8081' }],
    ['TOPIC_PREFIX', { TOPIC_PREFIX: 'a/b' }],
    ['TOPIC_PARTITIONS', { TOPIC_PARTITIONS: '0' }],
    ['TOPIC_PARTITIONS', { TOPIC_PARTITIONS: '4.5' }],
    ['PORT', { PORT: '65536' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['TRANSACTION_MAX_RECORDS', { TRANSACTION_MAX_RECORDS: '0' }],
    ['TRANSACTION_MAX_RECORDS', { TRANSACTION_MAX_RECORDS: '50001' }],
    ['DEAD_LETTERS_PER_MINUTE', { DEAD_LETTERS_PER_MINUTE: '-1' }],
    ['ALLOW_UNAUTHENTICATED', { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'yes' }],
  ])('name %s when it is wrong', (name, change) => {
    expect(() => serviceConfig({ ...required, ...change }, 3000)).toThrow(name);
  });

  it('may tolerate no dead letter at all', () => {
    const config = serviceConfig({ ...required, DEAD_LETTERS_PER_MINUTE: '0' }, 3000);
    expect(config.deadLettersPerMinute).toBe(0);
  });

  // 127.999.0.1 is no address but a name, which somebody's DNS may answer.
  it.each(['0.0.0.0', '::', '192.168.0.7', 'reviews.example', '127.999.0.1'])(
    'refuse to listen on %s, where others can reach it, unless told so',
    (host) => {
      expect(() => serviceConfig({ ...required, HOST: host }, 3000)).toThrow('ALLOW_UNAUTHENTICATED');
      const allowed = serviceConfig({ ...required, HOST: host, ALLOW_UNAUTHENTICATED: 'true' }, 3000);
      expect(allowed.host).toBe(host);
    },
  );

  it.each([
    [{ HEARTBEAT_INTERVAL_MS: '8000' }, 'HEARTBEAT_INTERVAL_MS must be less than TRANSACTION_TIMEOUT_MS'],
    [{ TRANSACTION_TIMEOUT_MS: '10000' }, 'TRANSACTION_TIMEOUT_MS must be less than SESSION_TIMEOUT_MS'],
    [{ REBALANCE_TIMEOUT_MS: '9999' }, 'SESSION_TIMEOUT_MS must not be more than REBALANCE_TIMEOUT_MS'],
  ])('keep heartbeat < transaction < session ≤ rebalance: %j', (change, reason) => {
    expect(() => serviceConfig({ ...required, ...change }, 3000)).toThrow(reason);
  });

  it('never repeat a password', () => {
    expect(() => databaseConfig({ DATABASE_URL: 'mysql://reviews:secret@db/reviews' })).toThrow(
      /^DATABASE_URL must be a URL that starts with postgres:\/\/ or postgresql:\/\/\.$/,
    );
  });
});
