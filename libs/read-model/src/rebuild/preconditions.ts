import type { RunQuery } from '../database.js';
import { ReadModelError } from '../read-model-error.js';

/**
 * Finds out, before anything is done, whether tables can be built beside those in use and put in their place.
 *
 * @throws ReadModelError REBUILD_IMPOSSIBLE with what to do about it
 */
export const requireRebuildable = async (query: RunQuery, schema: string): Promise<void> => {
  const [found] = await query<Preconditions>(PRECONDITIONS, [schema]);
  if (found === undefined || found.owner === null)
    refuse(`There is no PostgreSQL schema ${schema}: run the set-up`);
  else if (found.owner !== found.role)
    refuse(
      `The PostgreSQL schema ${schema} belongs to ${found.owner}: connect as ${found.owner}, not as ${found.role}, or the services may not use the new tables`,
    );
  else if (!found.may_create)
    refuse(
      `${found.role} may not make a PostgreSQL schema: grant create on database ${found.database} to ${found.role}`,
    );
  else if (found.dependents.length > 0)
    refuse(
      `${found.dependents.join(', ')} would go on reading the old tables: drop what reads them, and make it again afterwards`,
    );
};

interface Preconditions {
  readonly database: string;
  readonly role: string;
  readonly may_create: boolean;
  readonly owner: string | null;
  /** Views of others. */
  readonly dependents: readonly string[];
}

const PRECONDITIONS = `
  select current_database() as database, current_user::text as role,
    has_database_privilege(current_database(), 'create') as may_create,
    (select pg_get_userbyid(nspowner)::text from pg_namespace where nspname = $1) as owner,
    array(
      select distinct reader.oid::regclass::text
      from pg_depend join pg_rewrite rule on classid = 'pg_rewrite'::regclass and objid = rule.oid
      join pg_class reader on reader.oid = rule.ev_class join pg_class read_table on read_table.oid = refobjid
      where refclassid = 'pg_class'::regclass and read_table.relnamespace = $1::text::regnamespace
        and reader.oid <> read_table.oid) as dependents`;

/** How much room tables take, in bytes: what building them again needs at least. */
export const tableBytes = async (query: RunQuery, schema: string): Promise<number> => {
  const [size] = await query<{ bytes: number }>(
    `select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint as bytes from pg_class
     where relnamespace = to_regnamespace($1) and relkind = 'r'`,
    [schema],
  );
  return size?.bytes ?? 0;
};

/**
 * New tables have the layout of this program. Services that run with an older one would find columns they do not know.
 *
 * @throws ReadModelError REBUILD_IMPOSSIBLE
 */
export const requireSameMigrations = async (query: RunQuery, inUse: string, anew: string): Promise<void> => {
  const rows = await query(
    `select name from ${inUse}.migrations full join ${anew}.migrations other using (name)
     where migrations.name is null or other.name is null limit 1`,
  );
  if (rows.length > 0)
    refuse('The tables are of another version of this program: run the set-up of the version that is in use');
};

const refuse = (message: string): never => {
  throw new ReadModelError('REBUILD_IMPOSSIBLE', message);
};
