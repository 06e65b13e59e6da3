import { MAX_FIELD_ERRORS, type FieldError } from '@reviews/platform';

/** A field's value, or what is wrong with it, in words that go on after its name. */
export type FieldResult<T> = { readonly ok: true; readonly value: T } | FieldRefusal;

export interface FieldRefusal {
  readonly ok: false;
  readonly reason: string;
}

/** The rule of one field: what it may be. A field that is not there is undefined. */
export type FieldRule<T> = (value: unknown) => FieldResult<T>;

/** The values of all fields, or what is wrong with each bad one. */
export type FieldsResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Longer than any name there is. */
const MAX_SHOWN_NAME = 64;

type FieldRules = Readonly<Record<string, FieldRule<unknown>>>;
type FieldsOf<Rules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends FieldRule<infer T> ? T : never;
};

export const accept = <T>(value: T): FieldResult<T> => ({ ok: true, value });
export const refuse = (reason: string): FieldRefusal => ({ ok: false, reason });

/**
 * Checks an object against one rule per field. Fields without a rule are refused; of many such only the
 * first are told.
 *
 * Plain functions and not decorators, because a file of half a million rows goes through the very same rules.
 */
export const readFields = <Rules extends FieldRules>(
  object: Readonly<Record<string, unknown>>,
  rules: Rules,
): FieldsResult<FieldsOf<Rules>> => {
  const values: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [field, rule] of Object.entries(rules)) {
    const result = rule(Object.hasOwn(object, field) ? object[field] : undefined);
    if (result.ok) values[field] = result.value;
    else errors.push({ field, reason: `${field} ${result.reason}` });
  }
  for (const name of Object.keys(object)) {
    if (errors.length >= MAX_FIELD_ERRORS) break;
    if (Object.hasOwn(rules, name)) continue;
    const field = shown(name);
    errors.push({ field, reason: `${field} is not a known property` });
  }
  // Each rule has put its own value under its own name.
  return errors.length === 0 ? { ok: true, value: values as FieldsOf<Rules> } : { ok: false, errors };
};

// A name of a megabyte would be told three times.
const shown = (name: string): string =>
  name.length <= MAX_SHOWN_NAME ? name : `${name.slice(0, MAX_SHOWN_NAME)}…`;

/** Whether parsed JSON is an object: no array, not null. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
