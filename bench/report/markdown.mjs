/** The report as Markdown: a pure function of what was measured. */
import { spread } from '../lib/figures.mjs';

const tableOf = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** As many digits as matter. */
const digitsFor = (number) =>
  Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : Math.abs(number) >= 1 ? 2 : 3;

const spreadOf = (values) =>
  values === undefined || values.length === 0 ? '' : spread(values, digitsFor(Math.max(...values)));

const machineLines = ({ cpu, cores, node, java, kafka, commit, startedAt, command }) => [
  `\`${command}\`, ${startedAt}, commit ${commit}.`,
  `${cores} × ${cpu}; Node ${node}, Java ${java}, Kafka ${kafka}, everything on this machine.`,
];

/** The whole row, its preparations and checks included. */
const wholeRow = ({ wallSeconds, serverCpuSeconds = {} }) => [
  ...(wallSeconds === undefined ? [] : [['the whole row, wall time, s', spreadOf([wallSeconds])]]),
  ...Object.entries(serverCpuSeconds).map(([server, cpu]) => [
    `the whole row, CPU-s of ${server}`,
    spreadOf([cpu]),
  ]),
];

const rowSection = (name, { title, runs, loadBefore, loadAfter, figures, failed, ...whole }) =>
  [
    `## ${name}: ${title ?? ''}`.trimEnd(),
    '',
    failed === undefined
      ? `${runs} runs; load of the machine ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after.`
      : `Failed: ${failed}`,
    ...(figures === undefined
      ? []
      : [
          '',
          tableOf(
            ['what', 'min / median / max'],
            [
              ...figures.map(({ what, values, text }) => [what, text ?? spreadOf(values)]),
              ...wholeRow(whole),
            ],
          ),
        ]),
  ].join('\n');

/** @param report `machine`, `goals` as judged, `rows` by name */
export const toMarkdown = ({ machine, goals, rows }) =>
  [
    '# Benchmark',
    '',
    ...machineLines(machine),
    '',
    '![how far each goal is met](chart.svg)',
    '',
    tableOf(
      ['what', 'goal', 'measured: min / median / max', 'holds'],
      goals.map(({ what, goal, values, holds }) => [what, goal, spreadOf(values), holds]),
    ),
    '',
    ...Object.entries(rows).map(([name, row]) => `${rowSection(name, row)}\n`),
  ].join('\n');
