import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandPosition } from '@reviews/contracts';
import { partitionOf, type CourseId, type UserId } from '@reviews/domain';
import { SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import type { ReadModel } from '@reviews/read-model';
import { whenDatabaseAnswers } from '../request/when-database-answers.js';
import { singleFlight } from '../statistics/single-flight.js';
import { waitForCommand, type Clock } from '../statistics/wait-for-command.js';
import { READ_MODEL } from '../tokens.js';
import type { ReviewResponse } from './review.response.js';
import { toReview } from './to-review.js';

const MAX_WAIT_MS = 2_000;

const processClock: Clock = { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) };

/** A review, and whether it is as new as was asked for. */
export interface ReviewAnswer {
  /** Undefined for one that was never seen, as far as is known. */
  readonly review: ReviewResponse | undefined;
  readonly isStale: boolean;
}

/** Reads a review, at least as new as a client asks for. */
@Injectable()
export class ReviewReader {
  private readonly progressOf: (partition: number) => ReturnType<ReadModel['reviews']['progress']>;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'reviews'>,
  ) {
    this.progressOf = singleFlight((partition) => readModel.reviews.progress(partition));
  }

  partitionOf(courseId: CourseId): number {
    return partitionOf(courseId, this.context.config.topicPartitions);
  }

  /** @throws ProblemError 503 when the database does not answer */
  read(courseId: CourseId, userId: UserId, after: CommandPosition | undefined): Promise<ReviewAnswer> {
    const partition = this.partitionOf(courseId);
    return whenDatabaseAnswers(async () => {
      if (after !== undefined)
        await waitForCommand(() => this.progressOf(partition), after.offset, processClock, MAX_WAIT_MS);
      // What was seen while waiting does not count: tables that were restored or made anew may have gone back.
      const { review, progress } = await this.readModel.reviews.reviewAndProgress(
        courseId,
        userId,
        partition,
      );
      return {
        review: review === null ? undefined : toReview(review),
        isStale: after !== undefined && (progress?.reviewsEnd ?? 0) <= after.offset,
      };
    });
  }
}
