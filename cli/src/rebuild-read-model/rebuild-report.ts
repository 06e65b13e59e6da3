import type { CrossCheck, RowDifferences, TableDifferences } from '@reviews/read-model';
import { formatCount } from '../format-number.js';

const SHOWN = 20;

/** What `reviews rebuild-read-model` did. */
export interface RebuildReport {
  /**
   * `switched`: the new tables are in use. `refused`: they are not, because they do not agree. `compared`: that was all
   * that was asked for.
   */
  readonly outcome: 'switched' | 'refused' | 'compared';
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
  /** What is wrong in the old tables; null when the new ones were refused. */
  readonly differences: TableDifferences | null;
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
    ...outcomeLines(report),
  ];
};

/** Whether the tables in use are what the topics say. */
export const areTablesRight = ({ outcome, differences }: RebuildReport): boolean => {
  switch (outcome) {
    case 'switched':
      return true;
    case 'refused':
      return false;
    case 'compared':
      return (
        differences !== null && countOf(differences.reviews) + countOf(differences.courseStatistics) === 0
      );
  }
};

const outcomeLines = (report: RebuildReport): readonly string[] => {
  switch (report.outcome) {
    case 'switched':
      return [...differencesLines(report), ...switchedLines(report)];
    case 'refused':
      return refusedLines(report.checked.disagreeing);
    case 'compared':
      return [...differencesLines(report), 'Not switched: this was a dry run.'];
  }
};

const differencesLines = ({ differences }: RebuildReport): readonly string[] =>
  differences === null
    ? []
    : [
        `Old reviews: ${differencesText(differences.reviews)}.`,
        `Old course_statistics: ${differencesText(differences.courseStatistics)}.`,
      ];

const switchedLines = ({ lockedSeconds, oldTables }: RebuildReport): readonly string[] => [
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

const countOf = ({ wrong, missing, superfluous }: RowDifferences): number => wrong + missing + superfluous;

const differencesText = (differences: RowDifferences): string => {
  const { compared, wrong, missing, superfluous } = differences;
  return countOf(differences) === 0
    ? `no difference in ${formatCount(compared)} rows`
    : `of ${formatCount(compared)} rows ${formatCount(wrong)} are wrong, ${formatCount(missing)} missing, ${formatCount(superfluous)} superfluous`;
};
