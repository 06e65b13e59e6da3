import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandPosition } from '@reviews/contracts';
import { partitionOf, type CourseId } from '@reviews/domain';
import { SERVICE_CONTEXT, unavailable, type ServiceContext } from '@reviews/platform';
import { ReadModelError, type ReadModel, type StoredProgress } from '@reviews/read-model';
import { READ_MODEL } from '../tokens.js';
import type { CourseStatisticsResponse } from './course-statistics.response.js';
import { singleFlight } from './single-flight.js';
import { toCourseStatistics } from './to-course-statistics.js';
import { waitForCommand, type AwaitedProgress, type Clock } from './wait-for-command.js';

const MAX_WAIT_MS = 2_000;
const RETRY_AFTER_SECONDS = 1;

const processClock: Clock = { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) };

/** Reads statistics, at least as new as a client asks for. */
@Injectable()
export class CourseStatisticsReader {
  private readonly progressOf: (partition: number) => ReturnType<ReadModel['statistics']['progress']>;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'statistics'>,
  ) {
    this.progressOf = singleFlight((partition) => readModel.statistics.progress(partition));
  }

  partitionOf(courseId: CourseId): number {
    return partitionOf(courseId, this.context.config.topicPartitions);
  }

  /**
   * Undefined for a course that never had a valid review.
   *
   * @throws ProblemError 503 when the database does not answer
   */
  async read(
    courseId: CourseId,
    after: CommandPosition | undefined,
  ): Promise<CourseStatisticsResponse | undefined> {
    try {
      // Progress before the row: the other way round, a row of yesterday could meet a day that began in between.
      const { progress, isIncluded } = await this.progressWith(this.partitionOf(courseId), after);
      const stored = await this.readModel.statistics.courseStatistics(courseId);
      const statistics = stored === null ? undefined : toCourseStatistics(stored, progress?.day ?? null);
      return statistics === undefined || isIncluded ? statistics : { ...statistics, stale: true };
    } catch (error) {
      if (!(error instanceof ReadModelError) || !error.retriable) throw error;
      throw unavailable('The database does not answer. Repeat the request.', RETRY_AFTER_SECONDS, error);
    }
  }

  private async progressWith(
    partition: number,
    after: CommandPosition | undefined,
  ): Promise<AwaitedProgress<StoredProgress>> {
    const readProgress = (): ReturnType<typeof this.progressOf> => this.progressOf(partition);
    if (after === undefined) return { progress: await readProgress(), isIncluded: true };
    return waitForCommand(readProgress, after.offset, processClock, MAX_WAIT_MS);
  }
}
