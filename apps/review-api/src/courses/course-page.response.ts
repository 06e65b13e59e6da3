import type { CourseStatisticsResponse } from '../statistics/course-statistics.response.js';

/** Courses with their statistics. */
export interface CoursePageResponse {
  readonly courses: readonly CourseStatisticsResponse[];
  /** For the next page; null after the last. */
  readonly nextCursor: string | null;
}
