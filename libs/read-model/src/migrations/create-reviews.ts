import { randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { halfStarColumns, type StatisticColumns } from '../half-star-columns.js';
import { schemaOfMigration } from './schema-of-migration.js';

const CURSOR_KEY_BYTES = 32;
/** Characters without a space that are searched as one word, hyphens and addresses included. */
const MAX_WORD = 64;

/** Reviews themselves, what lists of them and of courses are sorted by, and what live updates are found by. */
export class CreateReviews1763800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOfMigration(queryRunner);
    for (const statement of [
      ...reviewStatements(schema),
      ...courseStatements(schema),
      ...progressStatements(schema),
    ])
      await queryRunner.query(statement);
    await queryRunner.query(`create table ${schema}.cursor_key (key bytea not null)`);
    await queryRunner.query(
      `comment on table ${schema}.cursor_key is 'One row: what cursors are signed with.'`,
    );
    await queryRunner.query(`insert into ${schema}.cursor_key values ($1)`, [randomBytes(CURSOR_KEY_BYTES)]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOfMigration(queryRunner);
    for (const table of ['cursor_key', 'fraud_detector_progress', 'reviews'])
      await queryRunner.query(`drop table ${schema}.${table}`);
    for (const column of ['all_time_average', 'recent_average', 'sort_title', 'search', 'changed_in'])
      await queryRunner.query(`alter table ${schema}.course_statistics drop column ${column}`);
    await queryRunner.query(
      `delete from ${schema}.sink_positions where topic in ('reviews-valid', 'reviews-fraud', 'fraud-detector-progress')`,
    );
  }
}

/**
 * The last word on a review and the last text of it come from two topics in any order, so each has a cause of its own. A
 * topic that lets a review go may do so in the same command in which the other takes it on: then the taking on counts.
 */
const reviewStatements = (schema: string): readonly string[] => [
  `create table ${schema}.reviews (
    course_id text collate "C" not null,
    user_id text collate "C" not null,
    review_id uuid not null,
    partition integer not null,
    status text not null check (status in ('published', 'held', 'withdrawn')),
    cause_offset bigint not null,
    cause_ordinal integer not null,
    half_stars smallint,
    created_at timestamptz(3),
    modified_at timestamptz(3),
    imported boolean,
    held_score smallint,
    held_reasons text[],
    detector_name text,
    detector_version text,
    text_offset bigint,
    text_ordinal integer,
    title text,
    content text,
    search tsvector generated always as
      (to_tsvector('simple', ${quicklyParsed(`coalesce(title, '') || ' ' || coalesce(content, '')`)})) stored,
    primary key (course_id, user_id)
  )`,
  `comment on table ${schema}.reviews is
    'One row per review ever seen. Status and rating as of cause, title and content as of text; both are guarded by them.'`,
  `create index reviews_by_time on ${schema}.reviews (course_id, created_at, user_id) where status = 'published'`,
  `create index reviews_by_rating on ${schema}.reviews (course_id, half_stars, created_at, user_id)
   where status = 'published'`,
  `create index reviews_by_text on ${schema}.reviews using gin (search) where status = 'published'`,
  `create index reviews_with_text_to_erase on ${schema}.reviews (partition, cause_offset)
   where status = 'withdrawn' and (title is not null or content is not null)`,
];

/**
 * PostgreSQL's parser goes back to the beginning of a word at each `_`, `~` or `-` in it, and of a tag at each `<`: 32,768
 * characters of that take it half a minute, and the sink never gets past them. So what is longer than any word is cut into
 * pieces, and nothing is a tag. Only spaces that are spaces in every locale count.
 */
const quicklyParsed = (text: string): string =>
  String.raw`regexp_replace(translate(${text}, '<', ' '), '([^ \t\n\r]{${MAX_WORD}})', '\1 ', 'g')`;

/** Courses that ever had a valid review are listed. A course without a review now has the average 0, below every rating. */
const courseStatements = (schema: string): readonly string[] => [
  `alter table ${schema}.course_statistics
    add column all_time_average double precision generated always as (${averageOf('all_time')}) stored,
    add column recent_average double precision generated always as (${averageOf('recent')}) stored,
    add column sort_title text collate "C" generated always as (lower(coalesce(course_title, course_id))) stored,
    add column search tsvector generated always as
      (to_tsvector('simple', coalesce(course_title, '') || ' ' || course_id)) stored,
    add column changed_in xid8 not null default pg_current_xact_id()`,
  `comment on column ${schema}.course_statistics.changed_in is
    'The transaction that changed the row last: what a snapshot does not see has changed since.'`,
  ...(
    [
      ['courses_by_rating', 'all_time_average, all_time_count, course_id'],
      ['courses_by_recent_rating', 'recent_average, recent_count, course_id'],
      ['courses_by_reviews', 'all_time_count, course_id'],
      ['courses_by_title', 'sort_title, course_id'],
    ] as const
  ).map(
    ([name, columns]) =>
      `create index ${name} on ${schema}.course_statistics (${columns}) where all_time_last_review_at is not null`,
  ),
  `create index courses_by_text on ${schema}.course_statistics using gin (search)`,
  `create index courses_by_change on ${schema}.course_statistics (changed_in)`,
];

const averageOf = (statistic: StatisticColumns): string => {
  const columns = halfStarColumns(statistic);
  const sum = columns.map((column, index) => `${column} * ${index + 1}`).join(' + ');
  return `coalesce((${sum})::double precision / nullif((${columns.join(' + ')}) * 2, 0), 0)`;
};

const progressStatements = (schema: string): readonly string[] => [
  `create table ${schema}.fraud_detector_progress (
    partition integer not null,
    record_offset bigint not null,
    reviews_end bigint not null,
    reviews_valid_end bigint not null,
    reviews_fraud_end bigint not null,
    primary key (partition, record_offset)
  )`,
  `comment on table ${schema}.fraud_detector_progress is
    'A row is true once sink_positions have reached its reviews_valid_end and reviews_fraud_end.'`,
];
