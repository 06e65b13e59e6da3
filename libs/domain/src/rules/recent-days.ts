import { addDays, type EpochDay } from '../day.js';
import type { CourseMemory } from '../fraud-detector.js';
import { CELLS } from './cell.js';
import { bodyOf, keysOf, newValue, slotOf } from './remembered-bytes.js';

/** Days in which a burst is looked for, the last one included. */
const RECENT_DAYS = 28;

/** Reviews of one day by cell. */
export interface DayCounts {
  readonly day: EpochDay;
  readonly valid: number[];
  readonly held: number[];
}

/** The days of a course that have reviews, among the last {@link RECENT_DAYS}. */
export interface RecentDays {
  get(day: EpochDay): DayCounts | undefined;
  /** Takes the days before one out, oldest first. */
  takeBefore(day: EpochDay): readonly DayCounts[];
  /** Adds to a day; a count never falls below 0. */
  add(day: EpochDay, cell: number, change: { readonly valid: number; readonly held: number }): void;
  /** Writes the days that changed. */
  save(): void;
}

const KEYS = keysOf('day', RECENT_DAYS);
const COUNTS_AT = 4;
const COUNT_BYTES = 9;

export const recentDaysOf = (memory: CourseMemory): RecentDays => {
  const slots = KEYS.map((key) => readDay(memory, key));
  const changed = new Set<number>();
  const slotFor = (day: EpochDay): number => slotOf(day, RECENT_DAYS);
  const get = (day: EpochDay): DayCounts | undefined => {
    const counts = slots[slotFor(day)];
    return counts?.day === day ? counts : undefined;
  };
  return {
    get,
    takeBefore(day) {
      const taken = slots.filter((counts) => counts !== undefined && counts.day < day);
      for (const counts of taken) {
        if (counts === undefined) continue;
        slots[slotFor(counts.day)] = undefined;
        changed.add(slotFor(counts.day));
      }
      return taken.filter((counts) => counts !== undefined).sort((a, b) => a.day - b.day);
    },
    add(day, cell, { valid, held }) {
      const counts = get(day) ?? { day, valid: noCounts(), held: noCounts() };
      counts.valid[cell] = Math.max(0, (counts.valid[cell] ?? 0) + valid);
      counts.held[cell] = Math.max(0, (counts.held[cell] ?? 0) + held);
      slots[slotFor(day)] = counts;
      changed.add(slotFor(day));
    },
    save() {
      for (const slot of changed) writeDay(memory, KEYS[slot] ?? '', slots[slot]);
    },
  };
};

/** The first day that is recent when the last one is `day`. */
export const firstRecentDay = (day: EpochDay): EpochDay => addDays(day, 1 - RECENT_DAYS);

const noCounts = (): number[] => new Array<number>(CELLS).fill(0);

const readDay = (memory: CourseMemory, key: string): DayCounts | undefined => {
  const body = bodyOf(memory.get(key));
  if (body === undefined || body.byteLength < COUNTS_AT) return undefined;
  const day = body.getInt32(0) as EpochDay;
  if (KEYS[slotOf(day, RECENT_DAYS)] !== key) return undefined;
  const [valid, held] = [noCounts(), noCounts()];
  for (let at = COUNTS_AT; at + COUNT_BYTES <= body.byteLength; at += COUNT_BYTES) {
    const cell = body.getUint8(at);
    if (cell >= CELLS) continue;
    valid[cell] = body.getUint32(at + 1);
    held[cell] = body.getUint32(at + 5);
  }
  return { day, valid, held };
};

const writeDay = (memory: CourseMemory, key: string, counts: DayCounts | undefined): void => {
  if (counts === undefined) {
    memory.delete(key);
    return;
  }
  const { day, valid, held } = counts;
  const cells = valid.flatMap((count, cell) => (count + (held[cell] ?? 0) > 0 ? [cell] : []));
  const { value, body } = newValue(COUNTS_AT + COUNT_BYTES * cells.length);
  body.setInt32(0, day);
  for (const [index, cell] of cells.entries()) {
    const at = COUNTS_AT + COUNT_BYTES * index;
    body.setUint8(at, cell);
    body.setUint32(at + 1, valid[cell] ?? 0);
    body.setUint32(at + 5, held[cell] ?? 0);
  }
  memory.put(key, value);
};
