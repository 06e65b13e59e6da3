import type { RunQuery } from './database.js';
import { endColumnsOf, type ProgressTable } from './progress-tables.js';
import { progressToKeep } from './progress-to-keep.js';
import type { SinkTopic } from './sink-range.js';
import type { Tables } from './tables.js';

/** Stores what a service said of its progress in a partition, whether what it speaks of is here already or not. */
export const storeProgress = async <Progress extends { readonly recordOffset: number }>(
  query: RunQuery,
  tables: Tables,
  table: ProgressTable<Progress>,
  partition: number,
  incoming: readonly Progress[],
): Promise<void> => {
  const name = tables[table.table];
  const { known, positions } = await storedProgress(query, tables, table, partition);
  const fresh = incoming.filter((record) => record.recordOffset > (known.at(-1)?.recordOffset ?? -1));
  if (fresh.length === 0) return;
  const ends = endColumnsOf(table);
  const isTrue = ({ ends: recordEnds }: KnownProgress): boolean =>
    ends.every(({ endOf }, index) => (recordEnds[index] ?? 0) <= (positions.get(endOf) ?? 0));
  const all = [
    ...known,
    ...fresh.map((record) => ({
      recordOffset: record.recordOffset,
      ends: ends.map(({ value }) => Number(value(record))),
    })),
  ];
  const kept = new Set(progressToKeep(all, isTrue).map(({ recordOffset }) => recordOffset));
  const added = fresh.filter(({ recordOffset }) => kept.has(recordOffset));
  const { columns } = table;
  await query(
    `with forgotten as (delete from ${name} where partition = $1 and record_offset <> all ($2::bigint[]))
     insert into ${name} (partition, record_offset, ${columns.map((column) => column.name).join(', ')})
     select $1, * from unnest($3::bigint[], ${columns.map(({ type }, index) => `$${index + 4}::${type}[]`).join(', ')})`,
    [
      partition,
      [...kept],
      added.map(({ recordOffset }) => recordOffset),
      ...columns.map(({ value }) => added.map(value)),
    ],
  );
};

/** What decides whether a record is kept. */
interface KnownProgress {
  readonly recordOffset: number;
  /** In the order of the table's ends. */
  readonly ends: readonly number[];
}

/** What is known of a partition when a record comes. */
interface StoredProgress {
  /** In the order of their topic. */
  readonly known: readonly KnownProgress[];
  /**
   * Next offsets by topic. Those of other transactions are too low at worst: a record is kept that need not be. Those of this one
   * are ahead of its rows, and nobody sees the one without the other.
   */
  readonly positions: ReadonlyMap<SinkTopic, number>;
}

/** In one statement: whoever waits for a review waits for each of them. */
const storedProgress = async <Progress>(
  query: RunQuery,
  tables: Tables,
  table: ProgressTable<Progress>,
  partition: number,
): Promise<StoredProgress> => {
  const rows = await query<StoredRow>(
    `select null::text as topic, record_offset as "offset", array[${endColumnsOf(table)
      .map((column) => column.name)
      .join(', ')}] as ends
     from ${tables[table.table]} where partition = $1
     union all select topic, next_offset, null from ${tables.sinkPositions} where partition = $1
     order by "offset"`,
    [partition],
  );
  return {
    known: rows.flatMap(({ topic, offset, ends }) =>
      topic === null ? [{ recordOffset: offset, ends }] : [],
    ),
    positions: new Map(rows.flatMap(({ topic, offset }) => (topic === null ? [] : [[topic, offset]]))),
  };
};

/** A record that is known, or the position of a topic. */
type StoredRow =
  | { readonly topic: null; readonly offset: number; readonly ends: readonly number[] }
  | { readonly topic: SinkTopic; readonly offset: number; readonly ends: null };
