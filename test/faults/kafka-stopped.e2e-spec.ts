import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { startKafka, type StartedPart } from '../../stack/src/index.js';
import { apiAt } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from '../support/launched-stack.js';
import { settled } from '../support/log-offsets.js';
import { topicRecords } from '../support/topic-records.js';

const PREFIX = 'stopped-';
const COURSE = 'interrupted';
const USERS = 12;
const ANSWER_LIMIT_MS = 5_000;

describe('with Kafka stopped', () => {
  let directory: string;
  let options: Parameters<typeof startKafka>[0];
  let kafka: StartedPart;
  let stack: LaunchedStack;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reviews-kafka-'));
    options = {
      dataDir: join(directory, 'data'),
      port: await getPort({ host: '127.0.0.1' }),
      controllerPort: await getPort({ host: '127.0.0.1' }),
      logFile: join(directory, 'kafka.log'),
    };
    kafka = await startKafka(options);
    stack = await launchStack({
      ...sharedInfrastructure(),
      KAFKA_BROKERS: kafka.address,
      TOPIC_PREFIX: PREFIX,
      FRAUD_PERCENT: '0',
    });
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
    await kafka.stop();
    await rm(directory, { recursive: true });
  });

  const submitAll = (from: number) =>
    Promise.all(
      Array.from({ length: USERS }, async (_, index) => {
        const user = from + index;
        const startedMs = performance.now();
        const answer = await apiAt(stack.url).submit(
          COURSE,
          { userId: `user-${user}`, rating: 4 },
          { 'idempotency-key': `key-${user}` },
        );
        return { ...answer, user, tookMs: performance.now() - startedMs };
      }),
    );

  it('a POST answers 503 with Retry-After in time, and afterwards every review is there exactly once', async () => {
    const before = await submitAll(0);
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 202));

    await kafka.stop();
    const during = await submitAll(USERS);
    for (const { status, headers, tookMs } of during) {
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(tookMs).toBeLessThan(ANSWER_LIMIT_MS);
    }

    kafka = await startKafka(options);
    await eventually(async () => {
      expect((await submitAll(USERS)).map(({ status }) => status)).toEqual(during.map(() => 202));
    }, 60_000);
    // Once more: whatever of the 503s was written all the same, and what was answered, doubles nothing.
    await submitAll(0);
    await submitAll(USERS);
    await settled(stack);

    const facts = await topicRecords(await stack.run(), `${PREFIX}reviews-valid`);
    const users = facts.flatMap(({ value }) =>
      value?.['kind'] === 'review_changed' ? [value['userId']] : [],
    );
    expect(users.length).toBe(2 * USERS);
    expect(new Set(users).size).toBe(2 * USERS);
    const { body } = await apiAt(stack.url).statistics(COURSE);
    expect(body.allTime.count).toBe(2 * USERS);
  }, 150_000);
});
