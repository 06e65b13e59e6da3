import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { ImportAnswer, ImportEnd, RefusedRow } from './import-answer.js';

const SHOWN_ROWS = 5;

/** What came of an import, in constant memory however many rows were refused. */
export interface ImportReport {
  /** Null while the last line has not come. */
  readonly end: ImportEnd | null;
  /** How many rows were refused for each reason. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly firstRefused: readonly RefusedRow[];
}

export const EMPTY_REPORT: ImportReport = Object.freeze({ end: null, reasons: new Map(), firstRefused: [] });

/** The report with one more line of the answer. */
export const withAnswer = (report: ImportReport, answer: ImportAnswer): ImportReport => {
  switch (answer.kind) {
    case 'end':
      return { ...report, end: answer.end };
    case 'refused': {
      const { reason } = answer.row;
      return {
        ...report,
        reasons: new Map(report.reasons).set(reason, (report.reasons.get(reason) ?? 0) + 1),
        firstRefused:
          report.firstRefused.length < SHOWN_ROWS
            ? [...report.firstRefused, answer.row]
            : report.firstRefused,
      };
    }
  }
};

/** The report for people. */
export const reportLines = ({ end, reasons, firstRefused }: ImportReport): readonly string[] => {
  if (end === null) return [];
  const accepted = `${formatCount(end.accepted)} accepted, ${formatCount(end.refused)} refused.`;
  if (reasons.size === 0) return [accepted];
  const counts = [...reasons].sort(([, a], [, b]) => b - a);
  return [
    accepted,
    '',
    'Refused:',
    ...textTable(
      counts.map(([reason, count]) => [`  ${formatCount(count)}`, reason]),
      ['right', 'left'],
    ),
    '',
    'The first of them:',
    ...firstRefused.map((row) => `  row ${row.line}: ${row.reason}`),
  ];
};

/** The report for programs. */
export const reportJson = ({ end, reasons, firstRefused }: ImportReport): object => ({
  accepted: end?.accepted ?? null,
  refused: end?.refused ?? null,
  complete: end?.complete ?? false,
  reasons: Object.fromEntries(reasons),
  firstRefused,
});
