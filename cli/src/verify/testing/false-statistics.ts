import type { DifferenceKind } from '../difference.js';
import { at, change, remove, repeat } from './loose-record.js';
import type { World } from './world.js';

/** One thing gone wrong, and what it must be called. */
export type Corruption = readonly [title: string, kind: DifferenceKind, corrupt: (world: World) => void];

const atProgress = ({ valid }: World): number => at(valid, ({ kind }) => kind === 'progress').offset;
const editRow = (world: World, fields: Partial<World['rows'][number]>): void => {
  const [row] = world.rows;
  if (row !== undefined) world.rows[0] = { ...row, ...fields };
};

/** What can be wrong with what was published. */
export const FALSE_STATISTICS: readonly Corruption[] = [
  [
    'another histogram',
    'wrong-numbers',
    ({ longTerm }) => {
      change(
        at(longTerm, () => true),
        { halfStars3: 7 },
      );
    },
  ],
  [
    'another last review',
    'wrong-numbers',
    ({ recent }) => {
      change(
        at(recent, () => true),
        { lastReviewAt: 1 },
      );
    },
  ],
  [
    'another title',
    'wrong-numbers',
    ({ longTerm }) => {
      change(
        at(longTerm, () => true),
        { courseTitle: 'Tea' },
      );
    },
  ],
  [
    'another day',
    'wrong-numbers',
    ({ recent }) => {
      change(
        at(recent, () => true),
        { day: 3 },
      );
    },
  ],
  [
    'another time of change',
    'wrong-numbers',
    ({ recent }) => {
      change(
        at(recent, () => true),
        { updatedAt: 3 },
      );
    },
  ],
  [
    'a version of another course',
    'wrong-version',
    ({ longTerm, valid }) => {
      const other = at(valid, ({ courseId }) => courseId === 'tea-7');
      change(
        at(longTerm, () => true),
        { version: other.offset },
      );
    },
  ],
  [
    'a version behind the log',
    'wrong-version',
    ({ longTerm }) => {
      change(
        at(longTerm, () => true),
        { version: 999 },
      );
    },
  ],
  [
    'a version that goes back',
    'wrong-version',
    ({ longTerm }) => {
      repeat(
        longTerm,
        at(longTerm, () => true),
        { version: 1 },
      );
    },
  ],
  [
    'no statistic of a course',
    'missing',
    ({ recent }) => {
      remove(
        recent,
        at(recent, () => true),
      );
    },
  ],
  [
    'a statistic of no course',
    'superfluous',
    ({ longTerm }) => {
      const other = at(longTerm, () => true);
      repeat(longTerm, { ...other, key: 'none' }, { courseId: 'none' });
    },
  ],
  [
    'a deleted statistic',
    'tombstone',
    ({ longTerm }) => {
      longTerm.push({ ...at(longTerm, () => true), offset: 9, value: null });
    },
  ],
  [
    'a row with another histogram',
    'wrong-numbers',
    (world) => {
      const [row] = world.rows;
      if (row !== undefined)
        editRow(world, { allTime: { ...row.allTime, histogram: [9, 0, 0, 0, 0, 0, 0, 0, 0, 0] } });
    },
  ],
  [
    'a row with another title',
    'wrong-numbers',
    (world) => {
      editRow(world, { courseTitle: 'Tea' });
    },
  ],
  [
    'a row with an old version',
    'wrong-version',
    (world) => {
      const [row] = world.rows;
      if (row !== undefined) editRow(world, { recent: { ...row.recent, version: atProgress(world) } });
    },
  ],
  [
    'no row of a course',
    'missing',
    ({ rows }) => {
      rows.pop();
    },
  ],
  [
    'a row of no course',
    'superfluous',
    ({ rows }) => {
      const [row] = rows;
      if (row !== undefined) rows.push({ ...row, courseId: 'none' });
    },
  ],
  [
    'progress that covers too much',
    'wrong-progress',
    ({ progress }) => {
      change(
        at(progress, () => true),
        { reviewsEnd: 3 },
      );
    },
  ],
  [
    'progress behind the log',
    'wrong-progress',
    ({ progress }) => {
      change(
        at(progress, () => true),
        { reviewsValidEnd: 999 },
      );
    },
  ],
  [
    'progress of another partition',
    'wrong-partition',
    ({ progress }) => {
      repeat(
        progress,
        at(progress, () => true),
        { partition: 1 },
      );
    },
  ],
];
