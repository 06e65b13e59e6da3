import { Inject, Injectable } from '@nestjs/common';
import type { CommandPosition } from '@reviews/contracts';
import { partitionOf, type CourseId } from '@reviews/domain';
import { SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import type { ReadModel } from '@reviews/read-model';
import { whenDatabaseAnswers } from '../request/when-database-answers.js';
import { READ_MODEL } from '../tokens.js';
import { CommandWaiter, type ReadAfter } from '../waiting/command-waiter.js';
import type { CourseStatisticsResponse } from './course-statistics.response.js';
import { toCourseStatistics } from './to-course-statistics.js';

/** The statistics of a course, and whether they are older than was asked for. */
export interface StatisticsAnswer {
  /** Undefined for a course that never had a valid review, as far as is known. */
  readonly statistics: CourseStatisticsResponse | undefined;
  readonly isStale: boolean;
}

/** Reads statistics, at least as new as a client asks for. */
@Injectable()
export class CourseStatisticsReader {
  readonly #readAfter: ReadAfter;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'statistics'>,
    waiter: CommandWaiter,
  ) {
    this.#readAfter = waiter.on((partition) => readModel.statistics.progress(partition));
  }

  partitionOf(courseId: CourseId): number {
    return partitionOf(courseId, this.context.config.topicPartitions);
  }

  /** @throws ProblemError 503 when the database does not answer */
  read(courseId: CourseId, after: CommandPosition | undefined): Promise<StatisticsAnswer> {
    const partition = this.partitionOf(courseId);
    return whenDatabaseAnswers(async () => {
      const { statistics, progress, isStale } = await this.#readAfter(after, () =>
        this.readModel.statistics.courseAndProgress(courseId, partition),
      );
      return {
        statistics: statistics === null ? undefined : toCourseStatistics(statistics, progress?.day ?? null),
        isStale,
      };
    });
  }
}
