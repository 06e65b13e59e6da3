import { databaseSchemaOf } from '@reviews/read-model';
import type { Feed } from './feed.js';
import type { OwnPostgres } from './own-postgres.js';
import type { ReviewTruth } from './truth.js';
import type { CourseTruth } from './statistics-truth.js';

/** Rows as text, by their key: what the tables must hold. */
type Rows = ReadonlyMap<string, unknown>;

const HISTOGRAM = Array.from({ length: 10 }, (_, index) => index + 1);

export const expectedReviews = ({ reviews }: Feed): Rows =>
  new Map(
    reviews.flatMap(({ reviews: truths }) =>
      [...truths].map(([key, truth]) => [key, reviewRow(truth)] as const),
    ),
  );

export const expectedStatistics = ({ statistics }: Feed): Rows =>
  new Map(statistics.flatMap(({ courses }) => [...courses].map(([key, truth]) => [key, courseRow(truth)])));

export const storedReviews = async (postgres: OwnPostgres, topicPrefix: string): Promise<Rows> => {
  const rows = await postgres.query<{ key: string; row: unknown }>(`
    select course_id || '/' || user_id as key, json_build_object(
      'status', status, 'halfStars', half_stars, 'createdAt', extract(epoch from created_at) * 1000,
      'modifiedAt', extract(epoch from modified_at) * 1000, 'imported', imported, 'score', held_score,
      'reasons', held_reasons, 'title', title, 'content', content) as row
    from ${databaseSchemaOf(topicPrefix)}.reviews`);
  return new Map(rows.map(({ key, row }) => [key, row]));
};

export const storedStatistics = async (postgres: OwnPostgres, topicPrefix: string): Promise<Rows> => {
  const statistic = (columns: string): string => `
    case when ${columns}_version is null then null else json_build_object(
      'version', ${columns}_version, 'lastReviewAt', extract(epoch from ${columns}_last_review_at) * 1000,
      'updatedAt', extract(epoch from ${columns}_updated_at) * 1000,
      'histogram', array[${HISTOGRAM.map((halfStars) => `${columns}_half_stars_${halfStars}`).join(', ')}]) end`;
  const rows = await postgres.query<{ key: string; row: unknown }>(`
    select course_id as key, json_build_object('title', course_title, 'day', recent_day - date '1970-01-01',
      'allTime', ${statistic('all_time')}, 'recent', ${statistic('recent')}) as row
    from ${databaseSchemaOf(topicPrefix)}.course_statistics`);
  return new Map(rows.map(({ key, row }) => [key, row]));
};

const reviewRow = ({ status, content, createdAtMs }: ReviewTruth): object => {
  const isThere = status !== 'withdrawn';
  const isHeld = status === 'held';
  return {
    status,
    halfStars: isThere ? content.halfStars : null,
    createdAt: isThere ? createdAtMs : null,
    modifiedAt: isThere ? content.modifiedAtMs : null,
    imported: isThere ? content.imported : null,
    score: isHeld ? 77 : null,
    reasons: isHeld ? ['copied', 'burst'] : null,
    title: isThere ? content.title : null,
    content: isThere ? content.content : null,
  };
};

const courseRow = ({ allTime, recent }: CourseTruth): object => {
  const newest = (allTime?.version ?? -1) > (recent?.version ?? -1) ? allTime : recent;
  const row = (statistics: CourseTruth['recent']): object | null =>
    statistics === undefined
      ? null
      : {
          version: statistics.version,
          lastReviewAt: statistics.lastReviewAtMs,
          updatedAt: statistics.updatedAtMs,
          histogram: statistics.histogram,
        };
  return {
    title: newest?.courseTitle ?? null,
    day: recent?.day ?? null,
    allTime: row(allTime),
    recent: row(recent),
  };
};
