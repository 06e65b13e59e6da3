import { MAX_HALF_STARS, type CourseId, type HalfStars } from '@reviews/domain';
import {
  isAfter,
  orderBy,
  StatementValues,
  type Direction,
  type PageKey,
  type SortColumn,
  type Statement,
} from './keyset.js';
import { REVIEW_COLUMNS } from './stored-review.js';
import type { Tables } from './tables.js';

/** By time, or by rating and then by time in the same direction. */
export const REVIEW_SORTS = ['newest', 'oldest', 'highest', 'lowest'] as const;
export type ReviewSort = (typeof REVIEW_SORTS)[number];

/** Which published reviews of a course are asked for. */
export interface ReviewPageRequest {
  readonly courseId: CourseId;
  /** Only these ratings; null: all. */
  readonly halfStars: readonly HalfStars[] | null;
  /** Only those whose texts match, in the syntax of `websearch_to_tsquery`; null: all. */
  readonly q: string | null;
  readonly sort: ReviewSort;
  /** Only those behind this place; null: from the first. */
  readonly after: PageKey | null;
  readonly limit: number;
}

const BY_TIME: readonly SortColumn[] = [
  { name: 'created_at', type: 'timestamptz' },
  { name: 'user_id', type: 'text' },
];
const BY_RATING: readonly SortColumn[] = [{ name: 'half_stars', type: 'smallint' }, ...BY_TIME];

const ORDERS: Readonly<Record<ReviewSort, { columns: readonly SortColumn[]; direction: Direction }>> = {
  newest: { columns: BY_TIME, direction: 'desc' },
  oldest: { columns: BY_TIME, direction: 'asc' },
  highest: { columns: BY_RATING, direction: 'desc' },
  lowest: { columns: BY_RATING, direction: 'asc' },
};

/** The columns that make a review's place. */
export const reviewSortColumns = (sort: ReviewSort): readonly SortColumn[] => ORDERS[sort].columns;

/**
 * The statement for a page. Without `q` it reads no more rows than it answers per rating, straight from an index: a deep
 * page costs as much as the first. Undefined when nothing can be left.
 */
export const reviewPageStatement = (
  { reviews }: Tables,
  request: ReviewPageRequest,
): Statement | undefined => {
  const { columns, direction } = ORDERS[request.sort];
  const values = new StatementValues();
  const course = values.placeOf(request.courseId);
  const limit = values.placeOf(request.limit);
  const selects = scansOf(request).map(({ halfStars, behind, key }) => {
    const conditions = [
      `course_id = ${course}`,
      `status = 'published'`,
      ...(halfStars === null ? [] : [isRated(halfStars, values)]),
      ...(request.q === null
        ? []
        : [`search @@ websearch_to_tsquery('simple', ${values.placeOf(request.q)})`]),
      ...(key === null ? [] : [isAfter(behind, direction, key, values)]),
    ];
    return `select ${REVIEW_COLUMNS} from ${reviews} where ${conditions.join(' and ')}
      ${orderBy(columns, direction)} limit ${limit}`;
  });
  if (selects.length === 0) return undefined;
  const [only, ...others] = selects;
  const sql =
    others.length === 0
      ? (only ?? '')
      : `select * from (${selects.map((select) => `(${select})`).join(' union all ')}) as reviews
         ${orderBy(columns, direction)} limit ${limit}`;
  return { sql, values: values.list };
};

/** A stretch of the reviews in their order: those of some ratings behind a place. */
interface Scan {
  /** Null: of all ratings. */
  readonly halfStars: readonly HalfStars[] | null;
  /** What the key's values belong to. */
  readonly behind: readonly SortColumn[];
  readonly key: PageKey | null;
}

const isRated = (halfStars: readonly HalfStars[], values: StatementValues): string => {
  const [only, ...others] = halfStars;
  return others.length === 0
    ? `half_stars = ${values.placeOf(only)}::smallint`
    : `half_stars = any (${values.placeOf(halfStars)}::smallint[])`;
};

// Each rating is a stretch of its own in the index by rating, sorted by time: a rating that hardly anybody gave is found
// without looking at all the others, and the database merges the stretches without sorting.
const scansOf = ({ halfStars, q, sort, after }: ReviewPageRequest): readonly Scan[] => {
  const { columns, direction } = ORDERS[sort];
  const isEveryRating = halfStars?.length === MAX_HALF_STARS;
  // What matches a search is found by another index, or met on the way.
  if (halfStars === null || isEveryRating || q !== null)
    return [{ halfStars: isEveryRating ? null : halfStars, behind: columns, key: after }];
  if (columns === BY_TIME)
    return halfStars.map((rating) => ({ halfStars: [rating], behind: BY_TIME, key: after }));
  if (after === null) return halfStars.map((rating) => ({ halfStars: [rating], behind: BY_TIME, key: null }));
  const [reached, ...time] = after as readonly [number, ...string[]];
  return halfStars
    .filter((rating) => (direction === 'asc' ? rating >= reached : rating <= reached))
    .map((rating) => ({ halfStars: [rating], behind: BY_TIME, key: rating === reached ? time : null }));
};
