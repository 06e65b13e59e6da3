import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { Outcome } from './accounting/outcome-counts.js';
import type { VerifyReport } from './verify-report.js';

const OUTCOMES: readonly (readonly [Outcome | 'undecided', string])[] = [
  ['valid', 'valid'],
  ['held', 'held'],
  ['repeated', 'no change: sent before'],
  ['same-content', 'no change: the same content again'],
  ['older-import', 'no change: imported, and older than what is there'],
  ['nothing-to-withdraw', 'no change: nothing to withdraw'],
  ['overtaken', 'no change: redriven after its review had moved on'],
  ['dead-letter', 'dead letter'],
  ['expired-letter', 'not readable, and dead letters of its age are deleted'],
  ['lost', 'LOST'],
  ['undecided', 'not decided yet'],
];
/** Rows that are shown even when there is nothing to say. */
const ALWAYS: readonly string[] = ['valid', 'held', 'dead-letter'];

/** The report for people: what differs first, then what was looked at. */
export const reportLines = (report: VerifyReport): readonly string[] => {
  const { commands, facts, differences } = report;
  const more = differences.total - differences.first.length;
  return [
    ...differences.first.map(({ kind, where, what }) => `${kind}  ${where}  ${what}`),
    ...(more > 0 ? [`… and ${formatCount(more)} more (--limit shows them)`] : []),
    ...(differences.total > 0 ? [''] : []),
    'Commands',
    ...textTable(
      OUTCOMES.filter(([outcome]) => commands[outcome] > 0 || ALWAYS.includes(outcome)).map(
        ([outcome, text]) => ['', formatCount(commands[outcome]), text],
      ),
      ['left', 'right', 'left'],
    ),
    `Facts: ${formatCount(facts.valid)} in reviews-valid (${formatCount(facts.uncounted)} not counted yet), ${formatCount(facts.held)} in reviews-fraud.`,
    `Compared: ${formatCount(report.courses)} courses in ${report.compared.join(', ')}; ${formatCount(report.partitions)} partitions.`,
    ...crossCheckLines(report),
    ...report.notCompared.map((name) => `NOT compared: ${name} (--skip-tables).`),
    `${report.seconds.toFixed(1)} s, ${formatCount(report.factsPerSecond)} facts/s.`,
    verdict(report),
  ];
};

const crossCheckLines = ({ crossChecked }: VerifyReport): readonly string[] =>
  crossChecked === null
    ? []
    : [
        `Tables: the reviews of ${formatCount(crossChecked.agreeing)} courses add up to their statistics.`,
        ...(crossChecked.neverQuiet === 0
          ? []
          : [`NOT added up: ${formatCount(crossChecked.neverQuiet)} courses that were never quiet.`]),
      ];

const verdict = ({ differences }: VerifyReport): string => {
  if (differences.total === 0) return 'No differences.';
  const kinds = Object.entries(differences.byKind).map(([kind, count]) => `${formatCount(count)} ${kind}`);
  return `Differences: ${formatCount(differences.total)} (${kinds.join(', ')}).`;
};
