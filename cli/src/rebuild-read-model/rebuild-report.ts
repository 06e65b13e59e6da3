import type { CrossCheck, RowDifferences, TableDifferences } from '@reviews/read-model';
import { formatCount } from '../format-number.js';

const SHOWN = 20;

/** What `reviews rebuild-read-model` did. */
export interface RebuildReport {
  /** Whether the new tables are those in use now. */
  readonly isSwitched: boolean;
  /** Rows of the new tables. */
  readonly rows: { readonly reviews: number; readonly courses: number };
  /** Records and markers that were read, as offsets. */
  readonly offsets: number;
  readonly seconds: number;
  readonly offsetsPerSecond: number;
  readonly checked: {
    readonly agreeing: number;
    readonly neverQuiet: number;
    /** Not switched when there are any. */
    readonly disagreeing: CrossCheck['disagreeing'];
  };
  /** What was wrong in the old tables; null where nothing was switched. */
  readonly repaired: TableDifferences | null;
  /** For how long nothing could be stored, in seconds. */
  readonly lockedSeconds: number;
  /** Where the old tables are; null when they are gone. */
  readonly oldTables: string | null;
}

export const rebuildReportLines = (report: RebuildReport): readonly string[] => {
  const { rows, offsets, seconds, offsetsPerSecond, checked } = report;
  return [
    `Built ${formatCount(rows.reviews)} reviews and ${formatCount(rows.courses)} courses from ${formatCount(offsets)} offsets in ${seconds.toFixed(1)} s, ${formatCount(offsetsPerSecond)} offsets/s.`,
    `Checked: the reviews of ${formatCount(checked.agreeing)} courses add up to their statistics.`,
    ...(checked.neverQuiet > 0
      ? [`Not checked: ${formatCount(checked.neverQuiet)} courses that were never quiet.`]
      : []),
    ...(report.isSwitched ? switchedLines(report) : refusedLines(checked.disagreeing)),
  ];
};

const switchedLines = ({ repaired, lockedSeconds, oldTables }: RebuildReport): readonly string[] => [
  ...(repaired === null
    ? []
    : [
        `Old reviews: ${differencesText(repaired.reviews)}.`,
        `Old course_statistics: ${differencesText(repaired.courseStatistics)}.`,
      ]),
  `Switched: the new tables are in use; nothing was stored for ${lockedSeconds.toFixed(2)} s, and reading went on.`,
  ...(oldTables === null
    ? []
    : [
        `The old tables are in PostgreSQL schema ${oldTables}; "drop schema ${oldTables} cascade" removes them.`,
      ]),
];

const refusedLines = (disagreeing: CrossCheck['disagreeing']): readonly string[] => [
  `NOT switched: the reviews of ${formatCount(disagreeing.length)} courses do not add up to their statistics.`,
  ...disagreeing.slice(0, SHOWN).map(({ courseId, how }) => `  ${courseId}: ${how}`),
  ...(disagreeing.length > SHOWN ? [`  … and ${formatCount(disagreeing.length - SHOWN)} more`] : []),
];

const differencesText = ({ compared, wrong, missing, superfluous }: RowDifferences): string =>
  wrong + missing + superfluous === 0
    ? `no difference in ${formatCount(compared)} rows`
    : `of ${formatCount(compared)} rows ${formatCount(wrong)} were wrong, ${formatCount(missing)} missing, ${formatCount(superfluous)} superfluous`;
