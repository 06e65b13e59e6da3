import { parseCourseId, partitionOf, type CourseId } from '@reviews/domain';
import { createReadModel } from '@reviews/read-model';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.js';
import { printJson, printLines, printNote } from '../output.js';
import { parseInteger } from '../parse-option.js';
import { findTarget } from '../target/find-target.js';
import type { Target } from '../target/target.js';
import { Differences } from '../verify/difference.js';
import { factCursor } from '../verify/fact-cursor.js';
import { ofRow, type PublishedStatistic } from '../verify/published/published-statistic.js';
import { readTopicStatistics } from '../verify/published/read-published.js';
import { factOf } from '../verify/read-change.js';
import { rethrowForPeople } from '../verify/rethrow-for-people.js';
import { openVerifyLog, requireWhole, type VerifyLog } from '../verify/verify-log.js';
import { ExplainedCourse } from './explained-course.js';
import { explanation, explanationLines, type Explanation, type ExplanationChoice } from './explanation.js';

const DEFAULT_LIMIT = 50;
const TOPICS = ['reviews-valid', 'long-term-stats', 'recent-stats'] as const;

/** `reviews explain COURSE`: where a course's numbers come from. */
export const explainCommand = (): Command =>
  new Command('explain')
    .description('List the facts behind the numbers of a course, and recount them up to their receipts.')
    .argument('<course>', 'the course id', parseCourse)
    .option('--recent', 'only what counts in the recent statistic now, and days that changed it')
    .option('--user <user>', 'only reviews of this user')
    .option('--limit <n>', 'show the newest n facts', parseInteger(1), DEFAULT_LIMIT)
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      `
No text of any review is shown. A row of the table is looked at when it is known where PostgreSQL is. Exit code 1 when a
number is not what its facts come to.`,
    )
    .action(explain);

interface ExplainOptions extends ExplanationChoice {
  readonly json?: true;
}

const explain = async (courseId: CourseId, options: ExplainOptions): Promise<void> => {
  const target = await findTarget();
  const explained = await explanationOf(target, courseId, options).catch(rethrowForPeople);
  if (options.json === true) printJson(explained);
  else printLines(explanationLines(explained));
  if (!explained.agrees) throw new CliError(`The numbers of ${courseId} are not what its facts come to.`);
};

const explanationOf = async (
  target: Target,
  courseId: CourseId,
  choice: ExplanationChoice,
): Promise<Explanation> => {
  const log = await openVerifyLog(target, 'explain', TOPICS);
  try {
    const partition = partitionOf(courseId, log.partitions);
    const published = [...(await inTopics(log, courseId, partition)), ...(await inTable(target, courseId))];
    const course = await recounted(log, partition, new ExplainedCourse(courseId, published));
    if (course.facts.length === 0 && published.length === 0)
      throw new CliError(`${courseId} never had a review that was counted.`);
    return explanation(courseId, partition, course, choice);
  } finally {
    await log.close();
  }
};

const inTopics = async (
  log: VerifyLog,
  courseId: string,
  partition: number,
): Promise<readonly PublishedStatistic[]> => {
  const home = { partition, partitions: log.partitions };
  // What is wrong with other courses is for the other command to say.
  const { statistics } = await readTopicStatistics(log, home, new Differences(0));
  return [statistics.allTime.get(courseId), statistics.recent.get(courseId)].filter(
    (one) => one !== undefined,
  );
};

const inTable = async (
  { databaseUrl, topicPrefix }: Target,
  courseId: CourseId,
): Promise<readonly PublishedStatistic[]> => {
  if (databaseUrl === undefined) return [];
  const readModel = createReadModel({ databaseUrl, topicPrefix, poolSize: 1 });
  try {
    const row = await readModel.statistics.courseStatistics(courseId);
    return row === null ? [] : ofRow(row);
  } finally {
    await readModel.close();
  }
};

const recounted = async (
  log: VerifyLog,
  partition: number,
  course: ExplainedCourse,
): Promise<ExplainedCourse> => {
  const differences = new Differences(1);
  const facts = factCursor(
    {
      log: requireWhole(await log.partition('reviews-valid', partition)),
      codec: log.codecs.facts,
      toFact: factOf,
    },
    { partition, partitions: log.partitions },
    differences,
  );
  for (;;) {
    if (facts.isHungry) await facts.fill();
    const fact = facts.head;
    if (fact === undefined) break;
    course.take(fact);
    facts.next();
  }
  const [first] = differences.first;
  if (first !== undefined)
    printNote(`Not everything in the partition is right, see "reviews verify": ${first.where} ${first.what}`);
  return course;
};

const parseCourse = (text: string): CourseId => {
  const courseId = parseCourseId(text);
  if (courseId === undefined) throw new InvalidArgumentError('It must be a course id.');
  return courseId;
};
