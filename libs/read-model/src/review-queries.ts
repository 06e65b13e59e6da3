import type { CourseId, UserId } from '@reviews/domain';
import type { RunQuery } from './database.js';
import { keyOf, type Placed } from './keyset.js';
import { reviewPageStatement, reviewSortColumns, type ReviewPageRequest } from './review-page.js';
import { storedEnd } from './stored-end.js';
import {
  REVIEW_COLUMNS,
  toPublishedReview,
  toStoredReview,
  type PublishedReview,
  type ReviewRow,
  type StoredReview,
} from './stored-review.js';
import type { Tables } from './tables.js';

/** How far the reviews of a partition have come. */
export interface StoredReviewProgress {
  /** What became of commands before this offset of `reviews` is stored. */
  readonly reviewsEnd: number;
}

/** What was stored at one moment. */
export interface ReviewAndProgress {
  /** Null for one that was never seen. */
  readonly review: StoredReview | null;
  readonly progress: StoredReviewProgress | null;
}

/** What is asked of reviews. @throws ReadModelError */
export interface ReviewQueries {
  /** A review and how far its partition has come, both of one moment: the one includes what the other says. */
  reviewAndProgress(courseId: CourseId, userId: UserId, partition: number): Promise<ReviewAndProgress>;
  /** Never says more than is stored when it is asked. Null before the first. */
  progress(partition: number): Promise<StoredReviewProgress | null>;
  /** Published reviews in their order, at most as many as the request says. */
  page(request: ReviewPageRequest): Promise<readonly Placed<PublishedReview>[]>;
}

export const reviewQueries = (query: RunQuery, tables: Tables): ReviewQueries => ({
  async reviewAndProgress(courseId, userId, partition) {
    const [row] = await query<MomentRow>(
      `select * from (select) as moment
       left join (${progressStatement(tables)}) as progress on true
       left join (select ${REVIEW_COLUMNS} from ${tables.reviews}
                  where course_id = $2 and user_id = $3) as review on true`,
      [partition, courseId, userId],
    );
    return {
      review: row === undefined || row.review_id === null ? null : toStoredReview(row),
      progress: toProgress(row),
    };
  },

  async progress(partition) {
    const [row] = await query<ProgressRow>(progressStatement(tables), [partition]);
    return toProgress(row);
  },

  async page(request) {
    const statement = reviewPageStatement(tables, request);
    if (statement === undefined) return [];
    const rows = await query<ReviewRow>(statement.sql, statement.values);
    const columns = reviewSortColumns(request.sort);
    return rows.map((row) => ({ item: toPublishedReview(row), key: keyOf(columns, { ...row }) }));
  },
});

interface ProgressRow {
  /** Null where an outer join found nothing. */
  readonly reviews_end: number | null;
}

type MomentRow = ProgressRow & (ReviewRow | { readonly review_id: null });

const progressStatement = (tables: Tables): string =>
  `select reviews_end from ${tables.fraudDetectorProgress}
   where partition = $1
     and reviews_valid_end <= ${storedEnd(tables, 'reviews-valid')}
     and reviews_fraud_end <= ${storedEnd(tables, 'reviews-fraud')}
   order by record_offset desc limit 1`;

const toProgress = (row: ProgressRow | undefined): StoredReviewProgress | null =>
  row === undefined || row.reviews_end === null ? null : { reviewsEnd: row.reviews_end };
