import { COURSE_STATISTICS_COLUMNS } from './course-statistics-row.js';
import {
  isAfter,
  orderBy,
  StatementValues,
  type Direction,
  type PageKey,
  type SortColumn,
  type Statement,
} from './keyset.js';
import type { Tables } from './tables.js';

/** By mean rating, recent or all-time, and then by number of reviews; by that number; by title. The best come first. */
export const COURSE_SORTS = ['recent-rating', 'rating', 'reviews', 'title'] as const;
export type CourseSort = (typeof COURSE_SORTS)[number];

/** Which courses are asked for, of those that ever had a valid review. */
export interface CoursePageRequest {
  /** Only those whose title or id matches, in the syntax of `websearch_to_tsquery`; null: all. */
  readonly q: string | null;
  readonly sort: CourseSort;
  /** Only those behind this place; null: from the first. */
  readonly after: PageKey | null;
  readonly limit: number;
}

const COURSE: SortColumn = { name: 'course_id', type: 'text' };
const RECENT_COUNT: SortColumn = { name: 'recent_count', type: 'bigint' };
const COUNT: SortColumn = { name: 'all_time_count', type: 'bigint' };
const RECENT_AVERAGE: SortColumn = { name: 'recent_average', type: 'double precision' };
const AVERAGE: SortColumn = { name: 'all_time_average', type: 'double precision' };
const TITLE: SortColumn = { name: 'sort_title', type: 'text' };

const ORDERS: Readonly<Record<CourseSort, { columns: readonly SortColumn[]; direction: Direction }>> = {
  'recent-rating': { columns: [RECENT_AVERAGE, RECENT_COUNT, COURSE], direction: 'desc' },
  rating: { columns: [AVERAGE, COUNT, COURSE], direction: 'desc' },
  reviews: { columns: [COUNT, COURSE], direction: 'desc' },
  title: { columns: [TITLE, COURSE], direction: 'asc' },
};

/** The columns that make a course's place. */
export const courseSortColumns = (sort: CourseSort): readonly SortColumn[] => ORDERS[sort].columns;

/** The statement for a page. Without `q` it is read from an index: a deep page costs as much as the first. */
export const coursePageStatement = (
  { courseStatistics }: Tables,
  { q, sort, after, limit }: CoursePageRequest,
): Statement => {
  const { columns, direction } = ORDERS[sort];
  const values = new StatementValues();
  const conditions = [
    'all_time_last_review_at is not null',
    ...(q === null ? [] : [`search @@ websearch_to_tsquery('simple', ${values.placeOf(q)})`]),
    ...(after === null ? [] : [isAfter(columns, direction, after, values)]),
  ];
  const keys = columns.filter((column) => column !== COURSE).map(({ name }) => name);
  return {
    sql: `select ${COURSE_STATISTICS_COLUMNS}, ${keys.join(', ')} from ${courseStatistics}
      where ${conditions.join(' and ')} ${orderBy(columns, direction)} limit ${values.placeOf(limit)}`,
    values: values.list,
  };
};
