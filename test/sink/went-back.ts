import { databaseSchemaOf } from '@reviews/read-model';
import type { OwnPostgres } from './own-postgres.js';

/** Lets the database itself watch: it writes down every row that goes back, and how often it looked. */
export const watchRows = async (postgres: OwnPostgres, topicPrefix: string): Promise<void> => {
  const schema = databaseSchemaOf(topicPrefix);
  await postgres.query(`
    create table ${schema}.went_back (what text not null);
    create sequence ${schema}.looks;

    create function ${schema}.watch_statistics() returns trigger language plpgsql as $$ begin
      perform nextval('${schema}.looks');
      if coalesce(new.all_time_version, -1) < coalesce(old.all_time_version, -1)
        or coalesce(new.recent_version, -1) < coalesce(old.recent_version, -1)
      then insert into ${schema}.went_back values (format('%s to %s', old, new)); end if;
      return new;
    end $$;
    create trigger watch before update on ${schema}.course_statistics
      for each row execute function ${schema}.watch_statistics();

    create function ${schema}.watch_reviews() returns trigger language plpgsql as $$ begin
      perform nextval('${schema}.looks');
      if (new.cause_offset, (new.status <> 'withdrawn')::int, new.cause_ordinal)
          < (old.cause_offset, (old.status <> 'withdrawn')::int, old.cause_ordinal)
        or (coalesce(new.text_offset, -1), coalesce(new.text_ordinal, -1))
          < (coalesce(old.text_offset, -1), coalesce(old.text_ordinal, -1))
        or (new.text_offset = old.text_offset and new.text_ordinal = old.text_ordinal
          and old.content is null and new.content is not null)
      then insert into ${schema}.went_back values (format('%s to %s', old, new)); end if;
      return new;
    end $$;
    create trigger watch before update on ${schema}.reviews
      for each row execute function ${schema}.watch_reviews();

    create function ${schema}.watch_positions() returns trigger language plpgsql as $$ begin
      if new.next_offset < old.next_offset
      then insert into ${schema}.went_back values (format('%s to %s', old, new)); end if;
      return new;
    end $$;
    create trigger watch before update on ${schema}.sink_positions
      for each row execute function ${schema}.watch_positions();`);
};

/** What was written down since; rejects when the database did not look at all. */
export const rowsThatWentBack = async (
  postgres: OwnPostgres,
  topicPrefix: string,
): Promise<readonly string[]> => {
  const schema = databaseSchemaOf(topicPrefix);
  const [looks] = await postgres.query<{ is_called: boolean }>(`select is_called from ${schema}.looks`);
  if (looks?.is_called !== true) throw new Error('The triggers were never asked');
  const rows = await postgres.query<{ what: string }>(`select what from ${schema}.went_back`);
  return rows.map(({ what }) => what);
};
