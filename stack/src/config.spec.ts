import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';
import { StackError } from './stack-error.js';

function refusalOf(env: Record<string, string>): StackError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof StackError) return error;
  }
  throw new Error('accepted');
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(parseConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      kafkaPort: undefined,
      kafkaBrokers: undefined,
      stateDir: '.reviews',
      topicPartitions: 4,
      topicPrefix: '',
      fraudPercent: 5,
      logLevel: 'info',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig({ PORT: '', KAFKA_BROKERS: '', TOPIC_PREFIX: '' })).toEqual(parseConfig({}));
  });

  it.each([
    ['PORT', '0'],
    ['PORT', '3000x'],
    ['KAFKA_PORT', '65536'],
    ['TOPIC_PARTITIONS', '0'],
    ['TOPIC_PREFIX', 'a b'],
    ['FRAUD_PERCENT', '101'],
    ['FRAUD_PERCENT', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['KAFKA_BROKERS', 'localhost'],
    ['SCHEMA_REGISTRY_URL', 'localhost:8081'],
    ['DATABASE_URL', 'mysql://here/reviews'],
  ])('refuses %s=%s with one sentence that names the variable, and exit code 2', (variable, value) => {
    const refusal = refusalOf({ [variable]: value });
    expect(refusal.exitCode).toBe(2);
    expect(refusal.message).toMatch(new RegExp(`^${variable} must be [^\\n]+\\.$`));
  });

  it('never shows the password of a URL it refuses', () => {
    expect(refusalOf({ DATABASE_URL: 'mysql://me:secret@here/reviews' }).message).not.toContain('secret');
  });

  it.each(['0.0.0.0', '::', '192.168.0.7', '127.evil.example'])(
    'refuses %s, where others can reach the services, unless told so',
    (HOST) => {
      expect(refusalOf({ HOST })).toMatchObject({ exitCode: 2, message: expect.stringMatching(/^HOST is /) });
      expect(refusalOf({ HOST, ALLOW_UNAUTHENTICATED: 'false' }).exitCode).toBe(2);
      expect(parseConfig({ HOST, ALLOW_UNAUTHENTICATED: 'true' }).host).toBe(HOST);
    },
  );

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('takes %s, which is this machine', (HOST) => {
    expect(parseConfig({ HOST }).host).toBe(HOST);
  });

  it('refuses one port for two servers', () => {
    expect(refusalOf({ KAFKA_PORT: '3000' }).message).toBe(
      'KAFKA_PORT and PORT are both 3000: give each its own port.',
    );
  });

  it('drops the slash at the end of the registry URL, so that paths can be appended', () => {
    const { schemaRegistryUrl } = parseConfig({ SCHEMA_REGISTRY_URL: 'http://here:8081/apis/ccompat/v7/' });
    expect(schemaRegistryUrl).toBe('http://here:8081/apis/ccompat/v7');
  });
});
