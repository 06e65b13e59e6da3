import { badRequest, type FieldError } from '@reviews/platform';
import type { FieldsResult } from './read-fields.js';

/** The values, or 400 with one entry per bad field of all the parts of a request. */
export const requireFields = <T extends readonly object[]>(
  ...parts: { readonly [Index in keyof T]: FieldsResult<T[Index]> }
): T => {
  const errors: FieldError[] = [];
  const values: object[] = [];
  for (const part of parts) {
    if (part.ok) values.push(part.value);
    else errors.push(...part.errors);
  }
  if (errors.length > 0) throw badRequest(errors);
  // One value per part, in their order.
  return values as readonly object[] as T;
};
