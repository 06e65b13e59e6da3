import { DAY_MS, EARLIEST_CREATED_AT_MS, type EventTimeMs } from '@reviews/domain';
import { accept, refuse, type FieldRule } from '../request/read-fields.js';
import { parseDateTime } from './rfc3339.js';

/** Room for clocks and time zones that are wrong by less than a day. */
const AHEAD_MS = DAY_MS;

/** When an imported review was written, if the row says so. */
export const createdAtRule =
  (nowMs: number): FieldRule<EventTimeMs | null> =>
  (value) => {
    if (value === undefined || value === null) return accept(null);
    const timeMs = typeof value === 'string' ? parseDateTime(value) : undefined;
    if (timeMs === undefined)
      return refuse('must be an RFC 3339 date-time, for example 2026-02-28T12:00:00Z');
    return timeMs >= EARLIEST_CREATED_AT_MS && timeMs <= nowMs + AHEAD_MS
      ? accept(timeMs)
      : refuse('must lie between 2000-01-01 and 24 hours from now');
  };
