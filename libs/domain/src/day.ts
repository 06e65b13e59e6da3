import type { Brand } from './brand.js';

/** Milliseconds since 1970-01-01T00:00:00Z at which a review was written. */
export type EventTimeMs = Brand<number, 'EventTimeMs'>;
/** A UTC day, counted from 1970-01-01, which is day 0. */
export type EpochDay = Brand<number, 'EpochDay'>;

export const DAY_MS = 86_400_000;

/** The UTC day an instant lies in. */
export const dayOf = (timeMs: number): EpochDay => Math.floor(timeMs / DAY_MS) as EpochDay;

/** The day some days later (or earlier, when negative). */
export const addDays = (day: EpochDay, days: number): EpochDay => (day + days) as EpochDay;

/** The day as an RFC 3339 full-date, for example `2026-02-28`. */
export const toIsoDate = (day: EpochDay): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The later of two event times; null stands for none yet. */
export const laterOf = (a: EventTimeMs | null, b: EventTimeMs): EventTimeMs => (a === null || b > a ? b : a);
