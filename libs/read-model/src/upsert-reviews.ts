import type { RunQuery } from './database.js';
import { mergedByReview, type ReviewUpdate } from './review-update.js';
import { storableTextOrNull, toArrayLiteral, toTimestamp } from './storable-values.js';
import type { Tables } from './tables.js';

/**
 * Stores what a batch says of reviews: their state where its cause is not older than the stored one, their text where its
 * cause is newer than that of the stored text. The rows of a partition are written by one transaction at a time.
 */
export const upsertReviews = async (
  query: RunQuery,
  { reviews }: Tables,
  partition: number,
  updates: readonly ReviewUpdate[],
): Promise<void> => {
  const rows = mergedByReview(updates);
  if (rows.length === 0) return;
  await query(upsertStatement(reviews), [partition, ...COLUMNS.map(({ value }) => rows.map(value))]);
};

interface Column {
  readonly name: string;
  /** Type of the array that is sent. */
  readonly type: string;
  readonly value: (update: ReviewUpdate) => unknown;
  /** What is selected of it when that is not what was sent. */
  readonly cast?: string;
}

const KEY_COLUMNS: readonly Column[] = [
  { name: 'course_id', type: 'text', value: ({ courseId }) => courseId },
  { name: 'user_id', type: 'text', value: ({ userId }) => userId },
  { name: 'review_id', type: 'uuid', value: ({ reviewId }) => reviewId },
];

const STATE_COLUMNS: readonly Column[] = [
  { name: 'status', type: 'text', value: ({ state }) => state.kind },
  { name: 'cause_offset', type: 'bigint', value: ({ cause }) => cause.offset },
  { name: 'cause_ordinal', type: 'integer', value: ({ cause }) => cause.ordinal },
  { name: 'half_stars', type: 'smallint', value: (update) => ratedPartOf(update)?.halfStars ?? null },
  {
    name: 'created_at',
    type: 'timestamptz',
    value: (update) => toTimestamp(ratedPartOf(update)?.createdAtMs ?? null),
  },
  {
    name: 'modified_at',
    type: 'timestamptz',
    value: (update) => toTimestamp(ratedPartOf(update)?.modifiedAtMs ?? null),
  },
  { name: 'imported', type: 'boolean', value: (update) => ratedPartOf(update)?.imported ?? null },
  { name: 'held_score', type: 'smallint', value: (update) => verdictOf(update)?.score ?? null },
  {
    name: 'held_reasons',
    type: 'text',
    value: (update) => {
      const reasons = verdictOf(update)?.reasons;
      return reasons === undefined ? null : toArrayLiteral(reasons);
    },
    cast: 'text[]',
  },
  {
    name: 'detector_name',
    type: 'text',
    value: (update) => storableTextOrNull(verdictOf(update)?.detectorName ?? null),
  },
  {
    name: 'detector_version',
    type: 'text',
    value: (update) => storableTextOrNull(verdictOf(update)?.detectorVersion ?? null),
  },
];

const TEXT_COLUMNS: readonly Column[] = [
  { name: 'text_offset', type: 'bigint', value: ({ text }) => text?.cause.offset ?? null },
  { name: 'text_ordinal', type: 'integer', value: ({ text }) => text?.cause.ordinal ?? null },
  { name: 'title', type: 'text', value: ({ text }) => storableTextOrNull(text?.title ?? null) },
  { name: 'content', type: 'text', value: ({ text }) => storableTextOrNull(text?.content ?? null) },
];

const COLUMNS = [...KEY_COLUMNS, ...STATE_COLUMNS, ...TEXT_COLUMNS];

type RatedState = Exclude<ReviewUpdate['state'], { readonly kind: 'withdrawn' }>;

const ratedPartOf = ({ state }: ReviewUpdate): RatedState | null => {
  switch (state.kind) {
    case 'published':
    case 'held':
      return state;
    case 'withdrawn':
      return null;
  }
};

const verdictOf = ({ state }: ReviewUpdate): (RatedState & { readonly kind: 'held' })['verdict'] | null =>
  state.kind === 'held' ? state.verdict : null;

const stateGuard = (row: string): string =>
  `(${row}.cause_offset, ${row}.status <> 'withdrawn', ${row}.cause_ordinal)`;
const textGuard = (row: string): string => `(${row}.text_offset, ${row}.text_ordinal)`;

const IS_STATE_NEW = `${stateGuard('excluded')} >= ${stateGuard('stored')}`;
// Not where it is the same: a text that was erased must not come back.
const IS_TEXT_NEW = `(excluded.text_offset is not null
  and (stored.text_offset is null or ${textGuard('excluded')} > ${textGuard('stored')}))`;

const setWhere = (condition: string, columns: readonly Column[]): readonly string[] =>
  columns.map(({ name }) => `${name} = case when ${condition} then excluded.${name} else stored.${name} end`);

const upsertStatement = (reviews: string): string => `
  insert into ${reviews} as stored (partition, ${COLUMNS.map(({ name }) => name).join(', ')})
  select $1::integer, ${COLUMNS.map(({ name, cast }) => (cast === undefined ? name : `${name}::${cast}`)).join(', ')}
  from unnest(${COLUMNS.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ')})
    as sent (${COLUMNS.map(({ name }) => name).join(', ')})
  on conflict (course_id, user_id) do update set
    ${[...setWhere(IS_STATE_NEW, STATE_COLUMNS), ...setWhere(IS_TEXT_NEW, TEXT_COLUMNS)].join(',\n    ')}
  where ${IS_STATE_NEW} or ${IS_TEXT_NEW}`;
