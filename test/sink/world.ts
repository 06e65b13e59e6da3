import { topicCatalogue, schemaRegistryAt } from '@reviews/contracts';
import { databaseSchemaOf, migrate } from '@reviews/read-model';
import { kafkaLogAdmin } from '@reviews/streams';
import { registerSchemas } from '../../cli/src/setup/make-ready.js';
import { portConnection } from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';
import { sharedInfrastructure } from '../support/launched-stack.js';
import { startFeed, type Feed } from './feed.js';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.js';
import { startSink, type SinkProcess } from './sink-process.js';
import { watchRows } from './went-back.js';

const PARTITIONS = 4;
const CATCH_UP_MS = 120_000;

/** Tables of their own in a PostgreSQL of their own, the sink that fills them, and a feed that writes its topics. */
export interface SinkWorld {
  readonly topicPrefix: string;
  readonly postgres: OwnPostgres;
  readonly sink: SinkProcess;
  readonly feed: Feed;
  /** How many offsets are stored, over all topics and partitions. */
  stored(): Promise<number>;
  /** Resolves once everything written is stored, of all partitions but those named. */
  caughtUp(besides?: readonly string[]): Promise<void>;
  /** What the sink says of itself. */
  health(): Promise<{ readonly status: number; readonly text: string }>;
  destroy(): Promise<void>;
}

export const sinkWorld = async (topicPrefix: string, seed: number): Promise<SinkWorld> => {
  const infrastructure = sharedInfrastructure();
  const schemaRegistryUrl = infrastructure['SCHEMA_REGISTRY_URL'] ?? '';
  const admin = kafkaLogAdmin(portConnection());
  await admin.ensureTopics(topicCatalogue(topicPrefix), { partitions: PARTITIONS, replicationFactor: 1 });
  await admin.close();
  await registerSchemas(schemaRegistryAt(schemaRegistryUrl), topicPrefix);
  const postgres = await startOwnPostgres();
  const { databaseUrl } = postgres;
  await migrate({ databaseUrl, topicPrefix });
  await watchRows(postgres, topicPrefix);
  const feed = await startFeed({ topicPrefix, partitions: PARTITIONS, schemaRegistryUrl, seed });
  const sink = await startSink({
    ...infrastructure,
    DATABASE_URL: databaseUrl,
    TOPIC_PREFIX: topicPrefix,
    TOPIC_PARTITIONS: String(PARTITIONS),
    SESSION_TIMEOUT_MS: '6000',
    REBALANCE_TIMEOUT_MS: '10000',
    TRANSACTION_TIMEOUT_MS: '5000',
  });
  const positions = (): Promise<readonly { key: string; next: number }[]> =>
    postgres.query(
      `select topic || '/' || partition as key, next_offset::int as next
       from ${databaseSchemaOf(topicPrefix)}.sink_positions`,
    );

  return {
    topicPrefix,
    postgres,
    sink,
    feed,
    stored: async () => (await positions()).reduce((sum, { next }) => sum + next, 0),
    async caughtUp(besides = []) {
      try {
        await eventually(async () => {
          const stored = new Map((await positions()).map(({ key, next }) => [key, next]));
          const behind = [...feed.ends].filter(
            ([key, end]) => !besides.includes(key) && (stored.get(key) ?? 0) < end,
          );
          if (behind.length > 0) throw new Error(`behind: ${JSON.stringify(behind)}`);
        }, CATCH_UP_MS);
      } catch (error) {
        throw new Error(`${String(error)}\n${sink.lastLines()}`, { cause: error });
      }
    },
    async health() {
      const answer = await fetch(`${sink.url}/health/ready`);
      return { status: answer.status, text: await answer.text() };
    },
    async destroy() {
      await sink.stop();
      await feed.close();
      await postgres.destroy();
    },
  };
};
