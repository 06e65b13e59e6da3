import type { ServerResponse } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { partitionOf, type CourseId } from '@reviews/domain';
import { SERVICE_CONTEXT, unavailable, type ServiceContext } from '@reviews/platform';
import type { ReadModel, StatisticsChanges } from '@reviews/read-model';
import type { ReviewApiConfig } from '../config.js';
import { READ_MODEL } from '../tokens.js';
import { answerWithin } from '../waiting/answer-within.js';
import { WakeSignal } from '../waiting/wakes.js';
import { EventStream } from './event-stream.js';
import type { Since } from './follower.js';
import { LiveFeed } from './live-feed.js';
import { liveMetrics } from './live-metrics.js';
import { retryLine } from './statistics-event.js';

const KEEP_ALIVE_INTERVAL_MS = 15_000;
/** A query that takes longer is given up; the next one goes over another connection. */
const QUERY_LIMIT_MS = 5_000;
/** Clients that were cut off at the same time come back one after the other. */
const RETRY_MS = { min: 1_000, max: 2_000 };
const RETRY_AFTER_SECONDS = 5;

/** What a client wants to be told. */
export interface Following {
  /** Undefined: all courses. */
  readonly courseId: CourseId | undefined;
  readonly since: Since;
}

const nowMs = (): number => performance.now();

/** The open streams of this process, and the one feed that tells them all. */
@Injectable()
export class LiveUpdates implements OnModuleInit, BeforeApplicationShutdown {
  readonly #feed: LiveFeed;
  readonly #wakes = new WakeSignal();
  readonly #streams = new Map<EventStream, Following>();
  readonly #meters: ReturnType<typeof liveMetrics>;
  #unsubscribe = (): void => undefined;
  #keepAlives: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #isFailing = false;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext<ReviewApiConfig>,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'changes' | 'notifications'>,
  ) {
    const partitions = context.config.topicPartitions;
    this.#feed = new LiveFeed(this.#boundedChanges(readModel.changes), (courseId) =>
      partitionOf(courseId as CourseId, partitions),
    );
    this.#meters = liveMetrics(context.metrics, {
      courseStreams: () => this.#count(({ courseId }) => courseId !== undefined),
      allStreams: () => this.#count(({ courseId }) => courseId === undefined),
      lagMs: () => this.#feed.lagMs(nowMs()),
    });
  }

  onModuleInit(): void {
    this.#unsubscribe = this.readModel.notifications.subscribe(() => {
      this.#feed.notify(nowMs());
      this.#wakes.wake();
    });
    this.#keepAlives = setInterval(() => {
      for (const stream of this.#streams.keys()) stream.keepAlive();
    }, KEEP_ALIVE_INTERVAL_MS);
    this.#running = this.#run();
  }

  /** Before connections are waited for: these would not end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe();
    clearInterval(this.#keepAlives);
    for (const stream of this.#streams.keys()) stream.end();
    this.#wakes.wake();
    await this.#running;
  }

  /** @throws ProblemError 503 when no more streams can be opened */
  requireRoom(): void {
    const { maxEventStreams } = this.context.config;
    if (this.#isStopping) throw unavailable('The service is stopping.', RETRY_AFTER_SECONDS);
    if (this.#streams.size >= maxEventStreams)
      throw unavailable(`${maxEventStreams} streams are open, which is the limit.`, RETRY_AFTER_SECONDS);
  }

  /** Tells a client until it goes. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>, following: Following): void {
    // Gone while its request was on its way here: nobody would say so again.
    if (response.destroyed) return;
    const stream = new EventStream(response, () => {
      this.#wakes.wake();
    });
    response.writeHead(200, headers);
    stream.send(retryLine(RETRY_MS.min + Math.round(Math.random() * (RETRY_MS.max - RETRY_MS.min))));
    const leave = this.#feed.follow(following.courseId, {
      sink: stream,
      state: { kind: 'behind', since: following.since },
    });
    this.#streams.set(stream, following);
    response.on('close', () => {
      leave();
      this.#streams.delete(stream);
    });
    this.#wakes.wake();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const seen = this.#wakes.count;
      const dueInMs = this.#feed.dueInMs(nowMs());
      if (dueInMs > 0) await this.#wakes.after(seen, dueInMs);
      else await this.#step();
    }
  }

  async #step(): Promise<void> {
    try {
      await this.#feed.step(nowMs);
      if (this.#isFailing) this.context.logger.info('Live updates go on');
      this.#isFailing = false;
    } catch (error) {
      // Streams stay open: once the database answers again they are told what they have missed.
      if (!this.#isFailing) this.context.logger.warn({ err: error }, 'Live updates wait for the database');
      this.#isFailing = true;
    }
  }

  #count(which: (following: Following) => boolean): number {
    return [...this.#streams.values()].filter(which).length;
  }

  #boundedChanges(changes: StatisticsChanges): StatisticsChanges {
    const bounded = <T>(ask: () => Promise<T>): Promise<T> => {
      this.#meters.queried();
      return answerWithin(QUERY_LIMIT_MS, ask);
    };
    return {
      now: () => bounded(() => changes.now()),
      changedSince: (query) => bounded(() => changes.changedSince(query)),
      ofCourses: (courseIds) => bounded(() => changes.ofCourses(courseIds)),
    };
  }
}
