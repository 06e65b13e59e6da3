/**
 * Counts words, exactly once: reads `words`, writes each word's count to `word-counts`, keeps the counts in a store.
 * `KAFKA_BROKERS=127.0.0.1:9092 npm run example`, in two terminals if you like; then write lines to the topic `words`.
 */
import { pino } from 'pino';
import {
  jsonCodec,
  kafkaLogAdmin,
  requiredTopicsOf,
  startStreamService,
  type ServiceDefinition,
} from '@reviews/streams';

const logger = pino();
const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(',');
const connection = { clientId: 'word-count', brokers, logger };
const partitions = 4;

const stores = { counts: { name: 'counts', codec: jsonCodec<number>() } };

const wordCount: ServiceDefinition<typeof stores> = {
  applicationId: 'word-count',
  source: 'words',
  changelog: 'word-count-changelog',
  deadLetters: 'word-count-dead-letters',
  outputs: ['word-counts'],
  stores,
  logicOf: () => ({
    process(records, context) {
      for (const record of records) {
        const word = record.value?.toString().trim() ?? '';
        if (word === '') {
          context.deadLetter(record, 'empty', 'a word has at least one letter');
          continue;
        }
        const count = (context.get('counts', word) ?? 0) + 1;
        context.put('counts', word, count);
        context.emit('word-counts', { key: Buffer.from(word), value: Buffer.from(String(count)) });
      }
    },
  }),
};

const admin = kafkaLogAdmin(connection);
await admin.ensureTopics(requiredTopicsOf(wordCount), { partitions, replicationFactor: 1 });
await admin.close();

const service = await startStreamService({
  connection,
  definition: wordCount,
  partitions,
  onFatal(error) {
    logger.fatal({ err: error }, 'stopped');
    process.exit(1);
  },
});

const stop = async (): Promise<void> => {
  await service.stop();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
