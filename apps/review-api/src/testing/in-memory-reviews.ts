import type {
  PageKey,
  Placed,
  PublishedReview,
  ReviewAndProgress,
  ReviewPageRequest,
  ReviewQueries,
  StoredReview,
  StoredReviewProgress,
} from '@reviews/read-model';

/** Reviews that tests put in place. Pages are in the order of users, whatever is asked for. */
export class InMemoryReviews implements ReviewQueries {
  readonly stored: StoredReview[] = [];
  readonly partitions = new Map<number, StoredReviewProgress>();
  /** What was asked for last. */
  request: ReviewPageRequest | undefined;
  /** What every question is answered with while it is set. */
  failure: Error | undefined;

  async reviewAndProgress(courseId: string, userId: string, partition: number): Promise<ReviewAndProgress> {
    const review = this.stored.find((one) => one.courseId === courseId && one.userId === userId);
    return { review: review ?? null, progress: await this.progress(partition) };
  }

  progress(partition: number): Promise<StoredReviewProgress | null> {
    return this.failure === undefined
      ? Promise.resolve(this.partitions.get(partition) ?? null)
      : Promise.reject(this.failure);
  }

  page(request: ReviewPageRequest): Promise<readonly Placed<PublishedReview>[]> {
    this.request = request;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(
      this.stored
        .filter((one) => one.status === 'published' && one.courseId === request.courseId)
        .map((one) => ({ item: one as PublishedReview, key: [one.userId] }))
        .filter(({ key }) => isBehind(key, request.after))
        .toSorted((a, b) => (a.item.userId < b.item.userId ? -1 : 1))
        .slice(0, request.limit),
    );
  }
}

const isBehind = ([userId = '']: PageKey, after: PageKey | null): boolean =>
  after === null || userId > (after[0] ?? '');
