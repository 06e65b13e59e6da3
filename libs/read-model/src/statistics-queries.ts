import type { CourseId, EpochDay } from '@reviews/domain';
import {
  COURSE_STATISTICS_COLUMNS,
  toStoredCourseStatistics,
  type CourseStatisticsRow,
  type StoredCourseStatistics,
} from './course-statistics-row.js';
import type { RunQuery } from './database.js';
import type { Tables } from './tables.js';

/** How far a partition's statistics have come: what is stored includes everything before these offsets. */
export interface StoredProgress {
  /** Commands before this offset of `reviews` are included. */
  readonly reviewsEnd: number;
  /** Facts before this offset of `reviews-valid` are included. */
  readonly reviewsValidEnd: number;
  /** The day every course of the partition was rolled to; null before the first. */
  readonly day: EpochDay | null;
}

/** What was stored at one moment. */
export interface CourseAndProgress {
  /** Null for a course that never had a valid review. */
  readonly statistics: StoredCourseStatistics | null;
  readonly progress: StoredProgress | null;
}

/** What is asked of statistics. @throws ReadModelError */
export interface StatisticsQueries {
  /** Null for a course that never had a valid review. */
  courseStatistics(courseId: CourseId): Promise<StoredCourseStatistics | null>;
  /** A course and how far its partition has come, both of one moment: the one includes exactly what the other says. */
  courseAndProgress(courseId: CourseId, partition: number): Promise<CourseAndProgress>;
  /**
   * Never says more than is stored when it is asked: read it first and the statistics after it, then they include at
   * least that much. Null before the first.
   */
  progress(partition: number): Promise<StoredProgress | null>;
}

export const statisticsQueries = (query: RunQuery, tables: Tables): StatisticsQueries => ({
  async courseStatistics(courseId) {
    const [row] = await query<CourseStatisticsRow>(courseStatement(tables, '$1'), [courseId]);
    return row === undefined ? null : toStoredCourseStatistics(row);
  },

  async courseAndProgress(courseId, partition) {
    const [row] = await query<MaybeCourse & MaybeProgress>(
      `select * from (select) as moment
       left join (${progressStatement(tables)}) as progress on true
       left join (${courseStatement(tables, '$2')}) as course on true`,
      [partition, courseId],
    );
    return {
      statistics: row === undefined || row.course_id === null ? null : toStoredCourseStatistics(row),
      progress: row === undefined || row.reviews_end === null ? null : toStoredProgress(row),
    };
  },

  async progress(partition) {
    const [row] = await query<ProgressRow>(progressStatement(tables), [partition]);
    return row === undefined ? null : toStoredProgress(row);
  },
});

// Recent and all-time statistics come on two topics: one of them may be here before the other.
const courseStatement = ({ courseStatistics }: Tables, courseId: string): string =>
  `select ${COURSE_STATISTICS_COLUMNS} from ${courseStatistics}
   where course_id = ${courseId} and all_time_version is not null`;

const progressStatement = (tables: Tables): string =>
  `select reviews_end, reviews_valid_end, day from ${tables.aggregatorProgress}
   where partition = $1
     and long_term_stats_end <= ${storedEnd(tables, 'long-term-stats')}
     and recent_stats_end <= ${storedEnd(tables, 'recent-stats')}
   order by record_offset desc limit 1`;

const toStoredProgress = (row: ProgressRow): StoredProgress => ({
  reviewsEnd: row.reviews_end,
  reviewsValidEnd: row.reviews_valid_end,
  day: row.day,
});

interface ProgressRow {
  readonly reviews_end: number;
  readonly reviews_valid_end: number;
  readonly day: EpochDay | null;
}

/** What an outer join gives where there is nothing. */
type MaybeCourse = CourseStatisticsRow | { readonly course_id: null };
type MaybeProgress = ProgressRow | { readonly reviews_end: null };

const storedEnd = ({ sinkPositions }: Tables, topic: 'long-term-stats' | 'recent-stats'): string =>
  `coalesce((select next_offset from ${sinkPositions} where topic = '${topic}' and partition = $1), 0)`;
