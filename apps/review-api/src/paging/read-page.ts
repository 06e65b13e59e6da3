import type { PageKey, Placed } from '@reviews/read-model';
import type { CursorScope } from './cursor.js';
import type { Cursors } from './cursors.js';

/** What a client says of the page it wants. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** A page, and where the next one begins; null after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** What a list is asked for: rows behind a place, and at most how many. */
export interface RowsWanted {
  readonly after: PageKey | null;
  readonly limit: number;
}

/**
 * Reads a page, and one row more to see if there is another.
 *
 * @throws ProblemError 400 for a cursor that is not of this scope
 */
export const readPage = async <T>(
  cursors: Cursors,
  scope: CursorScope,
  { limit, cursor }: PageQuery,
  readRows: (wanted: RowsWanted) => Promise<readonly Placed<T>[]>,
): Promise<Page<T>> => {
  const after = cursor === undefined ? null : await cursors.open(scope, cursor);
  const rows = await readRows({ after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isLast = last === undefined || rows.length <= limit;
  return {
    items: shown.map(({ item }) => item),
    nextCursor: isLast ? null : await cursors.seal(scope, last.key),
  };
};
