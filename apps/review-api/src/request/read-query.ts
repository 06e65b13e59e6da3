import type { FieldError } from '@reviews/platform';
import { readFields, type FieldRule } from './read-fields.js';

type QueryRules = Readonly<Record<string, FieldRule<unknown>>>;

/** Checks the parameters of a query, each given once at most and none but those with a rule. */
export const readQuery = <Rules extends QueryRules>(
  query: Readonly<Record<string, unknown>>,
  rules: Rules,
): ReturnType<typeof readFields<Rules>> => {
  const refused = Object.keys(query).flatMap((name) => refusalOf(name, query[name], rules));
  const wrong = new Set(refused.map(({ field }) => field));
  const known = Object.fromEntries(Object.entries(query).filter(([name]) => !wrong.has(name)));
  const result = readFields(known, rules);
  if (refused.length === 0) return result;
  return { ok: false, errors: [...(result.ok ? [] : result.errors), ...refused] };
};

const refusalOf = (name: string, value: unknown, rules: QueryRules): readonly FieldError[] => {
  if (!Object.hasOwn(rules, name)) return [{ field: name, reason: `${name} is not a known parameter` }];
  return Array.isArray(value) ? [{ field: name, reason: `${name} must be given once` }] : [];
};
