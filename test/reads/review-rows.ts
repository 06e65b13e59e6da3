import { databaseSchemaOf } from '@reviews/read-model';
import { Client } from 'pg';

/** A row of `reviews` as tests put it there. Times are whole milliseconds; several rows may share one. */
export interface TestReview {
  readonly userId: string;
  readonly halfStars: number;
  readonly createdAtMs: number;
  readonly text: string;
}

/** The tables of one prefix, for writing what the sink would. */
export interface TestTables {
  readonly schema: string;
  sql(statement: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  put(courseId: string, reviews: readonly TestReview[]): Promise<void>;
  withdraw(courseId: string, userId: string): Promise<void>;
  close(): Promise<void>;
}

export const testTables = async (databaseUrl: string, topicPrefix: string): Promise<TestTables> => {
  const client = new Client(databaseUrl);
  await client.connect();
  const schema = databaseSchemaOf(topicPrefix);
  const sql: TestTables['sql'] = async (statement, values) =>
    (await client.query<Record<string, unknown>>(statement, values?.slice())).rows;
  return {
    schema,
    sql,
    async put(courseId, reviews) {
      await sql(
        `insert into ${schema}.reviews (course_id, user_id, review_id, partition, status, cause_offset, cause_ordinal,
           half_stars, created_at, modified_at, imported, title, text_offset, text_ordinal)
         select $1, user_id, gen_random_uuid(), 0, 'published', 1, 0, half_stars,
           to_timestamp(created_at / 1000.0), to_timestamp(created_at / 1000.0), false, text, 1, 0
         from unnest($2::text[], $3::smallint[], $4::bigint[], $5::text[]) as row(user_id, half_stars, created_at, text)
         on conflict (course_id, user_id) do update set status = 'published', half_stars = excluded.half_stars,
           created_at = excluded.created_at, modified_at = excluded.modified_at, title = excluded.title`,
        [
          courseId,
          reviews.map(({ userId }) => userId),
          reviews.map(({ halfStars }) => halfStars),
          reviews.map(({ createdAtMs }) => createdAtMs),
          reviews.map(({ text }) => text),
        ],
      );
    },
    async withdraw(courseId, userId) {
      await sql(
        `update ${schema}.reviews set status = 'withdrawn', half_stars = null, created_at = null, modified_at = null,
           title = null where course_id = $1 and user_id = $2`,
        [courseId, userId],
      );
    },
    close: () => client.end(),
  };
};
