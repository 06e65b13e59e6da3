import { Command } from 'commander';
import { Readable } from 'node:stream';
import { callApi } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { formatCount } from '../format-number.js';
import { EMPTY_REPORT, withAnswer, type ImportReport } from '../import/import-report.js';
import { postRows } from '../import/post-rows.js';
import { printJson, printLine, printNote, showStatus } from '../output.js';
import { parseInteger, parsePositiveNumber } from '../parse-option.js';
import { findTarget } from '../target/find-target.js';
import { addressOf } from '../target/target.js';
import { demoCourses, type DemoCourse } from './demo-course.js';
import { demoHistory, type DemoHistoryRow } from './demo-history.js';
import { demoReview } from './demo-review.js';
import { liveLoad } from './live-load.js';
import { randomOf } from './random.js';
import { untilStopped } from './until-stopped.js';

/** `reviews demo`: made-up reviews, first a history, then live. */
export const demoCommand = (): Command =>
  new Command('demo')
    .description('Fill the stack with made-up reviews: a history of 120 days, then live ones until Ctrl-C.')
    .option('--rate <n>', 'live reviews a second', parsePositiveNumber, 5)
    .option('--courses <n>', 'number of courses', parseInteger(1), 20)
    .option('--minutes <n>', 'how long the live part lasts', parsePositiveNumber, 10)
    .option('--seed <n>', 'the same seed makes the same reviews', parseInteger(0), 1)
    .option('--url <url>', 'base URL of the API')
    .option('--json', 'print the summary as JSON')
    .action(runDemo);

interface DemoOptions {
  readonly rate: number;
  readonly courses: number;
  readonly minutes: number;
  readonly seed: number;
  readonly url?: string;
  readonly json?: true;
}

const runDemo = async (options: DemoOptions): Promise<void> => {
  const url = addressOf(await findTarget(options), 'url');
  const random = randomOf(options.seed);
  const courses = demoCourses(random, options.courses) as readonly [DemoCourse, ...DemoCourse[]];

  const { end } = await importHistory(url, demoHistory(random, courses, Date.now()));
  if (end?.complete !== true)
    throw new CliError('The history did not arrive completely: run the demo again.');
  printNote(`${formatCount(end.accepted)} reviews of ${options.courses} courses imported, now live …`);

  const live = await liveLoad({
    rate: options.rate,
    signal: untilStopped(options.minutes),
    async call() {
      const { courseId, ...review } = demoReview(random, courses);
      const answer = await callApi(url, 'POST', `/v1/courses/${courseId}/reviews`, review).catch(() => null);
      return answer?.status === 202;
    },
    onCount: ({ sent, failed }) => {
      showStatus(`${formatCount(sent)} live reviews sent, ${formatCount(failed)} failed (Ctrl-C ends)`);
    },
  });
  showStatus('');
  if (options.json === true) printJson({ imported: end.accepted, ...live });
  else
    printLine(
      `${formatCount(end.accepted)} reviews imported, ${formatCount(live.sent)} sent live, ${formatCount(live.failed)} failed.`,
    );
  if (live.sent === 0 && live.failed > 0) throw new CliError(`${url} took none of the live reviews.`);
};

const importHistory = async (url: string, rows: readonly DemoHistoryRow[]): Promise<ImportReport> => {
  let report = EMPTY_REPORT;
  const lines = Readable.from(rows.map((row) => `${JSON.stringify(row)}\n`));
  for await (const answer of postRows(url, lines)) report = withAnswer(report, answer);
  return report;
};
