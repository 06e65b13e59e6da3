import type { MigrationInterface, QueryRunner } from 'typeorm';
import { halfStarColumns, type StatisticColumns } from '../half-star-columns.js';
import { schemaOfMigration } from './schema-of-migration.js';

/** Statistics of courses, how far the sink has come, and what the aggregator said of its own progress. */
export class CreateStatistics1763700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOfMigration(queryRunner);
    await queryRunner.query(createCourseStatistics(schema));
    await queryRunner.query(`
      comment on table ${schema}.course_statistics is
        'One row per course. A statistic was never stored where its version is null.'`);
    await queryRunner.query(`
      create table ${schema}.sink_positions (
        topic text not null,
        partition integer not null,
        next_offset bigint not null,
        primary key (topic, partition)
      )`);
    await queryRunner.query(`
      comment on table ${schema}.sink_positions is
        'Everything before next_offset is stored. Topics without their prefix.'`);
    await queryRunner.query(`
      create table ${schema}.aggregator_progress (
        partition integer not null,
        record_offset bigint not null,
        reviews_end bigint not null,
        reviews_valid_end bigint not null,
        day date,
        long_term_stats_end bigint not null,
        recent_stats_end bigint not null,
        primary key (partition, record_offset)
      )`);
    await queryRunner.query(`
      comment on table ${schema}.aggregator_progress is
        'A row is true once sink_positions have reached its long_term_stats_end and recent_stats_end.'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOfMigration(queryRunner);
    for (const table of ['aggregator_progress', 'sink_positions', 'course_statistics'])
      await queryRunner.query(`drop table ${schema}.${table}`);
  }
}

const createCourseStatistics = (schema: string): string => `
  create table ${schema}.course_statistics (
    course_id text collate "C" primary key,
    course_title text,
    ${statisticColumns('all_time')},
    ${statisticColumns('recent')},
    recent_day date
  )`;

// Count and sum are derived by the database, so they cannot disagree with the histogram.
const statisticColumns = (columns: StatisticColumns): string => {
  const counts = halfStarColumns(columns);
  return [
    ...counts.map((column) => `${column} bigint not null default 0`),
    `${columns}_count bigint generated always as (${counts.join(' + ')}) stored`,
    `${columns}_sum_half_stars bigint generated always as (${weighted(counts)}) stored`,
    `${columns}_last_review_at timestamptz(3)`,
    `${columns}_version bigint`,
    `${columns}_updated_at timestamptz(3)`,
  ].join(',\n    ');
};

const weighted = (counts: readonly string[]): string =>
  counts.map((column, index) => `${column} * ${index + 1}`).join(' + ');
