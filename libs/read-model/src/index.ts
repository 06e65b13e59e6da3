export type { ChangedCourse, ChangePage, ChangeQuery, StatisticsChanges } from './changed-statistics.js';
export { COURSE_SORTS, coursePageStatement, type CoursePageRequest, type CourseSort } from './course-page.js';
export type { CourseQueries } from './course-queries.js';
export type { StoredCourseStatistics } from './course-statistics-row.js';
export { databaseSchemaOf } from './database-schema.js';
export {
  formatFeedPosition,
  hasSeen,
  isKnownAt,
  MAX_POSITION_LENGTH,
  parseFeedPosition,
  type FeedPosition,
} from './feed-position.js';
export type { PageKey, Placed, Statement } from './keyset.js';
export { migrate, type DatabaseOptions } from './migrate.js';
export type { Notifications } from './notifications.js';
export type { AggregatorProgressRecord, FraudDetectorProgressRecord } from './progress-tables.js';
export type { RowDifferences, TableDifferences } from './rebuild/compare-tables.js';
export type { CrossCheck, Disagreement } from './rebuild/cross-check.js';
export { openCrossCheck, type OpenCrossCheck } from './rebuild/open-cross-check.js';
export { openTablesBeside, type OldTables, type TablesBeside } from './rebuild/tables-beside.js';
export { ReadModelError, type ReadModelErrorCode } from './read-model-error.js';
export { createReadModel, type ReadModel, type ReadModelOptions } from './read-model.js';
export { REVIEW_SORTS, reviewPageStatement, type ReviewPageRequest, type ReviewSort } from './review-page.js';
export type { ReviewAndProgress, ReviewQueries, StoredReviewProgress } from './review-queries.js';
export type { ReviewText, ReviewUpdate } from './review-update.js';
export { SINK_TOPICS, type SinkPartition, type SinkRange, type SinkTopic } from './sink-range.js';
export type { SinkStore } from './sink-store.js';
export type { CourseAndProgress, StatisticsQueries, StoredProgress } from './statistics-queries.js';
export type { CourseStatistic } from './upsert-statistics.js';
export type { HeldReview, PublishedReview, StoredReview, WithdrawnReview } from './stored-review.js';
export { tablesOf, type Tables } from './tables.js';
