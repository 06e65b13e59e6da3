import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  parseReviewCommandRecord,
  topicReader,
  type ReviewCommandRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { ReviewCommand } from '@reviews/domain';
import {
  readiness,
  serviceApp,
  serviceLogger,
  serviceMetrics,
  type Environment,
  type ServiceContext,
} from '@reviews/platform';
import type { Notifications } from '@reviews/read-model';
import { DEFAULT_BODY_LIMITS, type BodyLimits } from '../commands/body-room.js';
import { reviewApiConfig, type ReviewApiConfig } from '../config.js';
import { prepareApi } from '../prepare-api.js';
import { ReviewApiModule } from '../review-api.module.js';
import { BODY_LIMITS, LOG_ADMIN, LOG_APPENDER, READ_MODEL, SCHEMA_REGISTRY } from '../tokens.js';
import { InMemoryChanges } from './in-memory-changes.js';
import { InMemoryCourses } from './in-memory-courses.js';
import { InMemoryLogAppender } from './in-memory-log-appender.js';
import { InMemoryReviews } from './in-memory-reviews.js';
import { inMemorySchemaRegistry } from './in-memory-schema-registry.js';
import { InMemoryStatistics } from './in-memory-statistics.js';

/** What the broker's clock says in these tests. */
export const APPEND_TIME_MS = Date.UTC(2026, 1, 28, 12);

/** The real API on a log, a registry and statistics in memory. */
export interface ApiUnderTest {
  readonly app: NestFastifyApplication;
  readonly log: InMemoryLogAppender;
  readonly statistics: InMemoryStatistics;
  readonly reviews: InMemoryReviews;
  readonly courses: InMemoryCourses;
  /** What cursors are signed with; another after the tables were made anew. */
  cursorKey: Uint8Array;
  readonly changes: InMemoryChanges;
  /** Says that something was stored. */
  notify(): void;
  /** Lines of the service's log. */
  readonly logLines: readonly string[];
  /** The commands in the log, decoded. */
  commands(): Promise<readonly ReviewCommand[]>;
}

export const apiUnderTest = async (
  registry: SchemaRegistry = inMemorySchemaRegistry(),
  settings: Environment = {},
  bodyLimits: BodyLimits = DEFAULT_BODY_LIMITS,
): Promise<ApiUnderTest> => {
  const log = new InMemoryLogAppender(APPEND_TIME_MS);
  const statistics = new InMemoryStatistics();
  const reviews = new InMemoryReviews();
  const courses = new InMemoryCourses();
  const changes = new InMemoryChanges();
  const listeners = new Set<() => void>();
  const notifications: Notifications = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const logLines: string[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const module = ReviewApiModule.on([
    { provide: BODY_LIMITS, useValue: bodyLimits },
    { provide: LOG_APPENDER, useValue: log },
    { provide: LOG_ADMIN, useValue: { verifyTopics: done, ping: done, close: done } },
    { provide: SCHEMA_REGISTRY, useValue: registry },
    {
      provide: READ_MODEL,
      useValue: {
        statistics,
        reviews,
        courses,
        changes,
        notifications,
        cursorKey: () => Promise.resolve(api.cursorKey),
        ping: done,
        close: done,
      },
    },
  ]);
  const app = await serviceApp(contextWith(settings, logLines), module);
  prepareApi(app);
  await app.init();
  const api: ApiUnderTest = {
    app,
    log,
    statistics,
    reviews,
    courses,
    cursorKey: Buffer.alloc(32, 1),
    changes,
    notify() {
      for (const listener of listeners) listener();
    },
    logLines,
    async commands() {
      const avro = topicReader<ReviewCommandRecord>(registry, 'reviews');
      const values = log.records.map((record) => record.value);
      await avro.resolveWriters(values);
      return values.map((value) => parseReviewCommandRecord(avro.decode(value)));
    },
  };
  return api;
};

const contextWith = (settings: Environment, logLines: string[]): ServiceContext<ReviewApiConfig> => ({
  service: 'review-api',
  config: reviewApiConfig({
    KAFKA_BROKERS: 'kafka:9092',
    SCHEMA_REGISTRY_URL: 'http://registry',
    DATABASE_URL: 'postgres://database/reviews',
    ...settings,
  }),
  logger: serviceLogger('review-api', 'info', {
    write: (line) => {
      logLines.push(line);
    },
  }),
  metrics: serviceMetrics('review-api'),
  readiness: readiness(),
  onFatal: (error) => {
    throw error;
  },
});
