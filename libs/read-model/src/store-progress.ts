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
  const known = await storedProgress(query, name, table, partition);
  const fresh = incoming.filter((record) => record.recordOffset > (known.at(-1)?.recordOffset ?? -1));
  if (fresh.length === 0) return;
  // Read before or while what they speak of is stored, the positions are too low at worst: a record is kept that need not be.
  const positions = await storedPositions(query, tables, partition);
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
  await query(`delete from ${name} where partition = $1 and record_offset <> all ($2::bigint[])`, [
    partition,
    [...kept],
  ]);
  const added = fresh.filter(({ recordOffset }) => kept.has(recordOffset));
  const { columns } = table;
  await query(
    `insert into ${name} (partition, record_offset, ${columns.map((column) => column.name).join(', ')})
     select $1, * from unnest($2::bigint[], ${columns.map(({ type }, index) => `$${index + 3}::${type}[]`).join(', ')})`,
    [
      partition,
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

const storedProgress = <Progress>(
  query: RunQuery,
  name: string,
  table: ProgressTable<Progress>,
  partition: number,
): Promise<readonly KnownProgress[]> =>
  query<{ recordOffset: number; ends: readonly number[] }>(
    `select record_offset as "recordOffset", array[${endColumnsOf(table)
      .map((column) => column.name)
      .join(', ')}] as ends
     from ${name} where partition = $1 order by record_offset`,
    [partition],
  );

const storedPositions = async (
  query: RunQuery,
  { sinkPositions }: Tables,
  partition: number,
): Promise<ReadonlyMap<SinkTopic, number>> => {
  const rows = await query<{ topic: SinkTopic; next_offset: number }>(
    `select topic, next_offset from ${sinkPositions} where partition = $1`,
    [partition],
  );
  return new Map(rows.map((row) => [row.topic, row.next_offset]));
};
