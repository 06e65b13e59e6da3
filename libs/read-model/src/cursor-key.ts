import type { RunQuery } from './database.js';
import { ReadModelError } from './read-model-error.js';
import type { Tables } from './tables.js';

/** See `ReadModel.cursorKey`. */
export const cursorKey = async (query: RunQuery, tables: Tables): Promise<Uint8Array> => {
  const [row] = await query<{ key: Uint8Array }>(`select key from ${tables.cursorKey}`);
  if (row === undefined) throw new ReadModelError('NOT_MIGRATED', `${tables.cursorKey} is empty`);
  return row.key;
};
