import type { EpochDay } from '@reviews/domain';
import { coursePageStatement, courseSortColumns, type CoursePageRequest } from './course-page.js';
import {
  toStoredCourseStatistics,
  type CourseStatisticsRow,
  type StoredCourseStatistics,
} from './course-statistics-row.js';
import type { RunQuery } from './database.js';
import { keyOf, type Placed } from './keyset.js';
import type { Tables } from './tables.js';

/** What is asked of courses. @throws ReadModelError */
export interface CourseQueries {
  /** Courses that ever had a valid review in their order, at most as many as the request says. */
  page(request: CoursePageRequest): Promise<readonly Placed<StoredCourseStatistics>[]>;
  /**
   * The day every course of a partition was rolled to, by partition. Read it before the courses: then what is read of
   * them is of that day at least.
   */
  partitionDays(): Promise<ReadonlyMap<number, EpochDay>>;
}

export const courseQueries = (query: RunQuery, tables: Tables): CourseQueries => ({
  async page(request) {
    const { sql, values } = coursePageStatement(tables, request);
    const rows = await query<CourseStatisticsRow>(sql, values);
    const columns = courseSortColumns(request.sort);
    return rows.map((row) => ({ item: toStoredCourseStatistics(row), key: keyOf(columns, { ...row }) }));
  },

  async partitionDays() {
    const rows = await query<{ partition: number; day: EpochDay }>(
      `select distinct on (partition) partition, day from ${tables.aggregatorProgress} as progress
       where long_term_stats_end <= ${storedEnd(tables, 'long-term-stats')}
         and recent_stats_end <= ${storedEnd(tables, 'recent-stats')}
         and day is not null
       order by partition, record_offset desc`,
    );
    return new Map(rows.map(({ partition, day }) => [partition, day]));
  },
});

const storedEnd = ({ sinkPositions }: Tables, topic: 'long-term-stats' | 'recent-stats'): string =>
  `coalesce((select next_offset from ${sinkPositions} as position
             where position.topic = '${topic}' and position.partition = progress.partition), 0)`;
