import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  kafkaLogAdmin,
  requiredTopicsOf,
  startStreamService,
  type LogAdmin,
  type ServiceDefinition,
  type StreamService,
} from '@reviews/streams';
import kafkajs, { type Admin } from 'kafkajs';
import { bareKafka, portConnection } from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';

const PARTITIONS = 2;
describe('a stream service refuses to start', () => {
  const connection = portConnection({ clientId: 'topology' });
  let admin: LogAdmin;
  let bare: Admin;
  let definition: ServiceDefinition;

  beforeAll(async () => {
    admin = kafkaLogAdmin(connection);
    bare = bareKafka().admin();
    await bare.connect();
  });
  afterAll(async () => {
    await bare.disconnect();
    await admin.close();
  });

  beforeEach(async () => {
    const prefix = `topology-${randomUUID()}-`;
    definition = {
      applicationId: `${prefix}service`,
      source: `${prefix}source`,
      changelog: `${prefix}changelog`,
      deadLetters: `${prefix}dead-letters`,
      outputs: [`${prefix}output`],
      stores: {},
      logicOf: () => ({ process: () => undefined }),
    };
    await admin.ensureTopics(requiredTopicsOf(definition), { partitions: PARTITIONS, replicationFactor: 1 });
  });

  const start = async (): Promise<void> => {
    let service: StreamService | undefined;
    try {
      service = await startStreamService({
        connection,
        definition,
        partitions: PARTITIONS,
        onFatal: () => undefined,
      });
    } finally {
      await service?.stop();
    }
  };
  /** A broker answers before it shows what was changed, so one look is not enough. */
  const isRefused = (message: string): Promise<void> =>
    eventually(() => expect(start()).rejects.toMatchObject({ code: 'TOPOLOGY_MISMATCH', message }));
  const configure = (name: string, entry: string, value: string) =>
    bare.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: [{ name: entry, value }] }],
    });

  it('not with the topics it asks for', async () => {
    await start();
  });

  it.each(['source', 'changelog', 'deadLetters'] as const)(
    'when its %s has another number of partitions than the others',
    async (role) => {
      await bare.createPartitions({ topicPartitions: [{ topic: definition[role], count: PARTITIONS + 1 }] });
      await isRefused(
        `Topic ${definition[role]} has 3 partitions, 2 were asked for; the number is fixed for life`,
      );
    },
  );

  it('when its changelog is not compacted', async () => {
    await configure(definition.changelog, 'cleanup.policy', 'delete');
    await isRefused(`Topic ${definition.changelog} has cleanup.policy=delete, compact is needed`);
  });

  it('when its source would expire data', async () => {
    await configure(definition.source, 'retention.ms', '604800000');
    await isRefused(`Topic ${definition.source} has retention.ms=604800000, -1 is needed`);
  });

  it('when a topic is missing', async () => {
    definition = { ...definition, outputs: ['not-there'] };
    await isRefused('Topics are missing: not-there');
  });
});
