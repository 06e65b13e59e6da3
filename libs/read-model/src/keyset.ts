/**
 * Where a row stands in an order: the values of the columns it is sorted by, the last of which no two rows share. It
 * survives JSON. A page that begins after such a place misses no row and repeats none, whatever was written meanwhile.
 */
export type PageKey = readonly (string | number)[];

/** A row of a page, with its place. */
export interface Placed<T> {
  readonly item: T;
  readonly key: PageKey;
}

export type Direction = 'asc' | 'desc';

/** A column that rows are sorted by, and the type its values are compared in. */
export interface SortColumn {
  readonly name: string;
  readonly type: 'bigint' | 'double precision' | 'smallint' | 'text' | 'timestamptz';
}

/** A statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Collects the values of a statement. */
export class StatementValues {
  readonly list: unknown[] = [];

  /** What stands for the value in the statement. */
  placeOf(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** Rows after a place, as a comparison of rows, which an index on these columns answers by going there at once. */
export const isAfter = (
  columns: readonly SortColumn[],
  direction: Direction,
  key: PageKey,
  values: StatementValues,
): string => {
  const names = columns.map(({ name }) => name).join(', ');
  const places = columns.map(({ type }, index) => `${values.placeOf(key[index])}::${type}`).join(', ');
  return `(${names}) ${direction === 'asc' ? '>' : '<'} (${places})`;
};

/** All in one direction, so that an index can be read forwards or backwards. */
export const orderBy = (columns: readonly SortColumn[], direction: Direction): string =>
  `order by ${columns.map(({ name }) => `${name} ${direction}`).join(', ')}`;

/** The place of a row that was selected with these columns. */
export const keyOf = (columns: readonly SortColumn[], row: Readonly<Record<string, unknown>>): PageKey =>
  columns.map(({ name }) => {
    const value = row[name];
    return value instanceof Date ? value.toISOString() : (value as string | number);
  });
