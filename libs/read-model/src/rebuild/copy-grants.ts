import type { RunQuery } from '../database.js';

/** Gives everybody the rights on new tables that they have on those in use: whoever reads them goes on reading. */
export const copyGrants = async (query: RunQuery, inUse: string, anew: string): Promise<void> => {
  const grants = await query<{ statement: string }>(GRANTS, [inUse, anew]);
  for (const { statement } of grants) await query(statement);
};

const grantee = `case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
  || case when is_grantable then ' with grant option' else '' end`;

const GRANTS = `
  select format('grant %s on schema %I to %s', privilege_type, $2::text, ${grantee}) as statement
  from pg_namespace, aclexplode(nspacl) where nspname = $1 and grantee <> nspowner
  union all
  select format('grant %s on %I.%I to %s', privilege_type, $2::text, relname, ${grantee})
  from pg_class, aclexplode(relacl)
  where relnamespace = to_regnamespace($1) and relkind = 'r' and grantee <> relowner`;
