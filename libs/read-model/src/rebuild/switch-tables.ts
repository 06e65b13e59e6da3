import type { RunQuery } from '../database.js';
import { lockMigrations } from '../migrate.js';
import { ReadModelError } from '../read-model-error.js';
import { tablesIn } from '../tables.js';
import { trueProgress } from './true-progress.js';

/** Nobody holds the positions for longer than a transaction of the sink takes; the sink itself waits for 30 seconds. */
const LOCK_TIMEOUT = '5s';
/** A process that stands still while it holds the lock loses it before the sink has waited too often. */
const STANDSTILL_TIMEOUT = '20s';

/** Which PostgreSQL schemas change places. */
export interface Switch {
  readonly inUse: string;
  readonly anew: string;
  /** What the tables in use until now are called afterwards. */
  readonly replaced: string;
}

/**
 * Puts new tables in the place of those in use.
 *
 * 1. Lock the positions in use. Every transaction of the sink begins with them, so nobody stores anything now; whoever
 *    waits for them finds the new ones later, by their name. Readers go on.
 * 2. Catch up, over other connections: what the tables in use have, the new ones have, too.
 * 3. Look whether that is so. If not, nothing has happened.
 * 4. Change the names. Who reads meanwhile reads the one or the other to the end of the statement.
 *
 * @throws ReadModelError REBUILD_BEHIND when the new tables have less than those in use
 */
export const switchTables = async (
  query: RunQuery,
  schemas: Switch,
  catchUp: () => Promise<void>,
): Promise<void> => {
  const { inUse, anew, replaced } = schemas;
  await query('begin');
  try {
    await lockMigrations(query, inUse);
    await query(`set local idle_in_transaction_session_timeout = '${STANDSTILL_TIMEOUT}'`);
    await query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await query(`lock table ${tablesIn(inUse).sinkPositions} in exclusive mode`);
    await catchUp();
    await requireAhead(query, schemas);
    await query(`alter schema ${inUse} rename to ${replaced}`);
    await query(`alter schema ${anew} rename to ${inUse}`);
    await query('select pg_notify($1, $2)', [inUse, '']);
    await query('commit');
  } catch (error) {
    // A connection that is gone has rolled back already.
    await query('rollback').catch(() => undefined);
    throw error;
  }
};

// Progress is looked at, too: a position may have come past a record that compaction took away before it was read again.
const requireAhead = async (query: RunQuery, { inUse, anew }: Switch): Promise<void> => {
  const [behind] = await query<{ what: string }>(`
    with old as (select topic, partition, next_offset as reached from ${tablesIn(inUse).sinkPositions}
        union all select * from (${reachedIn(inUse)}) progress),
      new as (select topic, partition, next_offset as reached from ${tablesIn(anew).sinkPositions}
        union all select * from (${reachedIn(anew)}) progress)
    select format('%s of partition %s: %s instead of %s', topic, partition, coalesce(new.reached, 0), old.reached) as what
    from old left join new using (topic, partition) where coalesce(new.reached, 0) < old.reached limit 1`);
  if (behind !== undefined)
    throw new ReadModelError(
      'REBUILD_BEHIND',
      `The new tables have less than those in use, ${behind.what}: nothing was switched`,
    );
};

const reachedIn = (schema: string): string => `
  with ${trueProgress(tablesIn(schema))}
  select 'commands counted', partition, reviews_end from aggregator
  union all select 'facts counted', partition, reviews_valid_end from aggregator
  union all select 'days', partition, day - date '1970-01-01' from aggregator where day is not null
  union all select 'commands decided', partition, reviews_end from fraud_detector`;
