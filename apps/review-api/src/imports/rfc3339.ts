import type { EventTimeMs } from '@reviews/domain';

const DATE_TIME =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The instant an RFC 3339 date-time names, to the millisecond, or undefined when the text is not one. */
export const parseDateTime = (text: string): EventTimeMs | undefined => {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match;
  // JavaScript reads 30 February as 2 March. Every month has 28 days.
  if (Number(day) > 28 && !isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  return Date.parse(text.toUpperCase()) as EventTimeMs;
};

const isCalendarDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};
