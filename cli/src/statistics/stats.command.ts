import { Command } from 'commander';
import { callApi, problemText } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { printJson, printLines } from '../output.js';
import { findTarget } from '../target/find-target.js';
import { addressOf } from '../target/target.js';
import type { CourseStatistics } from './course-statistics.js';
import { statisticsTable } from './statistics-table.js';

/** `reviews stats COURSE`: a course's numbers. */
export const statsCommand = (): Command =>
  new Command('stats')
    .description('Show the statistics of a course.')
    .argument('<course>', 'the course id')
    .option('--url <url>', 'base URL of the API')
    .option('--json', "print the API's answer")
    .action(showStatistics);

interface StatsOptions {
  readonly url?: string;
  readonly json?: true;
}

const showStatistics = async (courseId: string, options: StatsOptions): Promise<void> => {
  const url = addressOf(await findTarget(options), 'url');
  const answer = await callApi(url, 'GET', `/v1/courses/${encodeURIComponent(courseId)}/statistics`);
  if (answer.status !== 200) throw new CliError(`${courseId}: ${problemText(answer)}`);
  if (options.json === true) printJson(answer.body);
  else printLines(statisticsTable(answer.body as CourseStatistics));
};
