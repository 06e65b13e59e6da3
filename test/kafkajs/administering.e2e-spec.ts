import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaLogAdmin, type LogAdmin } from '@reviews/streams';
import { bareKafka, clientsPerTest, newTopic, portConnection, sharedBrokers } from '../support/bare-kafka.js';
import { startKafkaProxy, type KafkaProxy } from '../support/kafka-proxy.js';

const connected = clientsPerTest();

let proxy: KafkaProxy;
let topic: string;
let ours: LogAdmin;

beforeEach(async () => {
  proxy = await startKafkaProxy({ brokers: sharedBrokers() });
  topic = await newTopic();
  ours = kafkaLogAdmin(portConnection({ socketFactory: proxy.socketFactory }));
});
afterEach(async () => {
  await ours.close();
  await proxy.close();
});

/** The client asks once for itself and once for its caller: the caller's answer is lost. */
const loseAnswers = (): void => {
  let asked = 0;
  proxy.fateOf = ({ apiName }) => (apiName === 'Metadata' && ++asked > 1 ? 'cut response' : 'pass');
};

describe('an answer to an admin that is lost', () => {
  it('is a TypeError of kafkajs, which falls over the null it made of it', async () => {
    const admin = await connected(bareKafka({ socketFactory: proxy.socketFactory }).admin());
    await admin.listTopics();
    loseAnswers();
    await expect(admin.listTopics()).rejects.toThrow(TypeError);
  });

  it('is worth another try for our port', async () => {
    await ours.verifyTopics([{ name: topic, config: {} }], { partitions: 1 });
    loseAnswers();
    await expect(ours.verifyTopics([{ name: topic, config: {} }], { partitions: 1 })).rejects.toMatchObject({
      code: 'TRANSIENT',
    });
    proxy.fateOf = () => 'pass';
    await ours.verifyTopics([{ name: topic, config: {} }], { partitions: 1 });
  });
});
