import { Inject, Injectable } from '@nestjs/common';
import type { CommandPosition } from '@reviews/contracts';
import { partitionOf, type CourseId, type UserId } from '@reviews/domain';
import { SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import type { ReadModel } from '@reviews/read-model';
import { whenDatabaseAnswers } from '../request/when-database-answers.js';
import { READ_MODEL } from '../tokens.js';
import { CommandWaiter, type ReadAfter } from '../waiting/command-waiter.js';
import type { ReviewResponse } from './review.response.js';
import { toReview } from './to-review.js';

/** A review, and whether it is as new as was asked for. */
export interface ReviewAnswer {
  /** Undefined for one that was never seen, as far as is known. */
  readonly review: ReviewResponse | undefined;
  readonly isStale: boolean;
}

/** Reads a review, at least as new as a client asks for. */
@Injectable()
export class ReviewReader {
  readonly #readAfter: ReadAfter;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'reviews'>,
    waiter: CommandWaiter,
  ) {
    this.#readAfter = waiter.on((partition) => readModel.reviews.progress(partition));
  }

  partitionOf(courseId: CourseId): number {
    return partitionOf(courseId, this.context.config.topicPartitions);
  }

  /** @throws ProblemError 503 when the database does not answer */
  read(courseId: CourseId, userId: UserId, after: CommandPosition | undefined): Promise<ReviewAnswer> {
    const partition = this.partitionOf(courseId);
    return whenDatabaseAnswers(async () => {
      const { review, isStale } = await this.#readAfter(after, () =>
        this.readModel.reviews.reviewAndProgress(courseId, userId, partition),
      );
      return { review: review === null ? undefined : toReview(review), isStale };
    });
  }
}
