import {
  COURSE_STATISTICS_COLUMNS,
  toStoredCourseStatistics,
  type CourseStatisticsRow,
  type StoredCourseStatistics,
} from './course-statistics-row.js';
import type { RunQuery } from './database.js';
import type { Tables } from './tables.js';

const PAGE_ROWS = 5_000;

/** See `ReadModel.allCourseStatistics`. */
export async function* allCourseStatistics(
  query: RunQuery,
  { courseStatistics }: Tables,
): AsyncGenerator<readonly StoredCourseStatistics[]> {
  let last = '';
  for (;;) {
    const rows = await query<CourseStatisticsRow>(
      `select ${COURSE_STATISTICS_COLUMNS} from ${courseStatistics}
       where course_id > $1 order by course_id limit ${PAGE_ROWS}`,
      [last],
    );
    if (rows.length > 0) yield rows.map(toStoredCourseStatistics);
    last = rows.at(-1)?.course_id ?? last;
    if (rows.length < PAGE_ROWS) return;
  }
}
