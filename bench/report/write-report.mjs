/** Writes the report: Markdown, JSON, and a chart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSvg } from './chart.mjs';
import { GOALS, judged } from './goals.mjs';
import { machine } from './machine.mjs';
import { toMarkdown } from './markdown.mjs';

/** @returns the Markdown */
export const writeReport = async (rows, { out, json }) => {
  const goals = Object.entries(GOALS)
    .filter(([, { row }]) => rows[row] !== undefined)
    .map(([id, { row }]) => judged(id, rows[row].goals?.[id]));
  const report = { machine: await machine(), goals, rows };
  const markdown = toMarkdown(report);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'report.md'), markdown);
  writeFileSync(join(out, 'report.json'), text);
  writeFileSync(join(out, 'chart.svg'), toSvg(goals));
  if (json !== undefined) writeFileSync(json, text);
  return markdown;
};
