import { dayOf, type EpochDay } from '@reviews/domain';
import pg from 'pg';

// Offsets and counts stay below 2^53; the client hands over text because others do not.
const parseInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a safe integer: ${text}`);
  return value;
};

const parseIntegers = (text: string): readonly number[] => text.slice(1, -1).split(',').map(parseInteger);

// The client's own parser takes a date for midnight in the time zone of this machine.
const parseDay = (text: string): EpochDay => dayOf(Date.parse(`${text}T00:00:00Z`));

/** Object ids of PostgreSQL's types are fixed for ever. */
const BIGINT = 20;
const BIGINT_ARRAY = 1016;
const DATE = 1082;

const parsers = new Map<number, (text: string) => unknown>([
  [BIGINT, parseInteger],
  [BIGINT_ARRAY, parseIntegers],
  [DATE, parseDay],
]);

/** How columns reach the program, by type: integers as numbers, dates as days, the rest as the client does it. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (type) => parsers.get(type) ?? (pg.types.getTypeParser(type) as (text: string) => unknown),
};
