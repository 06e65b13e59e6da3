import { Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import { formatCount } from '../format-number.js';
import { printJson, printLines } from '../output.js';
import { showProgress, type ProgressForm } from '../progress.js';
import { findTarget } from '../target/find-target.js';
import { addressOf } from '../target/target.js';
import { csvLines } from './csv-lines.js';
import { formatOf, openImportFile, type ImportFormat } from './import-file.js';
import { EMPTY_REPORT, reportJson, reportLines, withAnswer } from './import-report.js';
import { postRows } from './post-rows.js';
import { watchedBytes } from './watched-bytes.js';

/** `reviews import FILE`: many reviews at once. */
export const importCommand = (): Command =>
  new Command('import')
    .description('Import reviews from a file, or from standard input with -.')
    .argument('<file>', 'JSON lines or CSV; the CSV headers are the JSON field names')
    .addOption(new Option('--format <format>', 'instead of what the name says').choices(['jsonl', 'csv']))
    .option('--url <url>', 'base URL of the API')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Fields: courseId, userId, rating, and optionally title, content, courseTitle, createdAt, submissionId.
Importing the same file again changes nothing, so an import that was cut off is simply repeated.`,
    )
    .action(importFile);

interface ImportOptions {
  readonly format?: ImportFormat;
  readonly url?: string;
  readonly json?: true;
}

/** Of the file's bytes. */
const SENT: ProgressForm = {
  bar: '{bar} {percentage} % | {eta_formatted} left',
  line: (done, total) => `${Math.floor((100 * done) / total)} % sent`,
};

const importFile = async (file: string, options: ImportOptions): Promise<void> => {
  const format = formatOf(file, options.format);
  const url = addressOf(await findTarget(options), 'url');
  const { content, bytes } = await openImportFile(file);
  const progress = showProgress(bytes, SENT);
  let bytesRead = 0;
  const watched = watchedBytes(content, (count) => {
    bytesRead += count;
    progress.advance(count);
  });
  let report = EMPTY_REPORT;
  try {
    for await (const answer of postRows(url, format === 'csv' ? csvLines(watched) : watched))
      report = withAnswer(report, answer);
  } finally {
    progress.stop();
  }
  if (options.json === true) printJson(reportJson(report));
  else printLines(reportLines(report));
  if (report.end === null)
    throw new CliError(`The connection was lost after ${howFar(bytesRead, bytes)}. ${AGAIN}`);
  if (!report.end.complete)
    throw new CliError(`Kafka was lost after ${formatCount(report.end.accepted)} rows. ${AGAIN}`);
};

const AGAIN = 'Run the same command again: rows that are in already change nothing.';

const howFar = (bytesRead: number, bytes: number | undefined): string =>
  bytes === undefined || bytes === 0
    ? `${formatCount(bytesRead)} bytes`
    : `${Math.floor((bytesRead / bytes) * 100)} % of the file`;
