import type { FieldError } from '../problem/problem.js';

/**
 * What is wrong with the query of a request target, parameter by parameter. A lenient reader would hand out what the
 * client did not mean: a percent sign that escapes nothing, bytes that are not UTF-8.
 */
export const queryErrors = (target: string): readonly FieldError[] => {
  const begin = target.indexOf('?');
  if (begin === -1) return [];
  const bad = target
    .slice(begin + 1)
    .split('&')
    .filter((pair) => decodedOf(pair) === undefined)
    .map(nameOf);
  return [...new Set(bad)].map((field) => ({
    field,
    reason: `${field} must be percent-encoded UTF-8`,
  }));
};

// Node takes bytes beyond ASCII in a target for characters of Latin-1.
const BEYOND_ASCII = /[^\x20-\x7e]/;

const decodedOf = (text: string): string | undefined => {
  if (BEYOND_ASCII.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const nameOf = (pair: string): string => {
  const [name = ''] = pair.split('=', 1);
  return decodedOf(name) ?? 'query';
};
