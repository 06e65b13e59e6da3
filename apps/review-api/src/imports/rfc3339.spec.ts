import { describe, expect, it } from '@jest/globals';
import { parseDateTime } from './rfc3339.js';

describe('an RFC 3339 date-time', () => {
  it.each([
    ['2026-02-28T12:00:00Z', Date.UTC(2026, 1, 28, 12)],
    ['2026-02-28t12:00:00.5z', Date.UTC(2026, 1, 28, 12, 0, 0, 500)],
    ['2026-02-28T12:00:00.123987+05:30', Date.UTC(2026, 1, 28, 6, 30, 0, 123)],
    ['2024-02-29T23:59:59-00:00', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ])('names an instant: %s', (text, timeMs) => {
    expect(parseDateTime(text)).toBe(timeMs);
  });

  it.each([
    '2026-02-28',
    '2026-02-28 12:00:00Z',
    '2026-02-28T12:00:00',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-10T12:00:00Z',
    '2026-02-28T24:00:00Z',
    '2026-02-28T12:60:00Z',
    '1772280000000',
  ])('is not %s', (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });
});
