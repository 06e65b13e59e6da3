import { Command } from 'commander';
import { availableParallelism } from 'node:os';
import { CliError } from '../cli-error.js';
import { printJson, printLines } from '../output.js';
import { parseInteger, parseSeconds } from '../parse-option.js';
import { findTarget } from '../target/find-target.js';
import type { Target } from '../target/target.js';
import { reportLines } from './report-lines.js';
import { rethrowForPeople } from './rethrow-for-people.js';
import { verifyInstallation } from './verify-installation.js';
import { openVerifyLog, VERIFIED_TOPICS } from './verify-log.js';
import type { VerifyReport } from './verify-report.js';
import { openVerifyTables, type VerifyTables } from './verify-tables.js';

const DEFAULT_LIMIT = 10;
const DEFAULT_WAIT_SECONDS = 5;

/** `reviews verify`: whether every number is what the log says. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('Recount everything from the log, and compare it with the topics and tables of statistics.')
    .option('--limit <n>', 'show the first n differences', parseInteger(0), DEFAULT_LIMIT)
    .option(
      '--wait <seconds>',
      'how long to wait for what is in reviews now to be counted',
      parseSeconds,
      DEFAULT_WAIT_SECONDS,
    )
    .option('--threads <n>', 'partitions at the same time', parseInteger(1), availableParallelism())
    .option('--skip-tables', 'compare the topics only, where PostgreSQL cannot be reached')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
It reads and changes nothing, and nothing has to be stopped: what is written meanwhile is left for the next time.
Exit code 1 when anything differs.
Memory grows with the courses and reviews of the partitions that are looked at together (--threads).`,
    )
    .action(verify);

interface VerifyOptions {
  readonly limit: number;
  readonly wait: number;
  readonly threads: number;
  readonly skipTables?: true;
  readonly json?: true;
}

const verify = async (options: VerifyOptions): Promise<void> => {
  const target = await findTarget();
  const report = await reportOf(target, options).catch(rethrowForPeople);
  if (options.json === true) printJson(report);
  else printLines(reportLines(report));
  if (!report.agrees) throw new CliError('The numbers are not what the log says.');
};

const reportOf = async (target: Target, options: VerifyOptions): Promise<VerifyReport> => {
  const tables = options.skipTables === true ? undefined : tablesOf(target);
  try {
    const log = await openVerifyLog(target, 'verify', VERIFIED_TOPICS);
    try {
      const { limit, threads, wait } = options;
      return await verifyInstallation({ target, log, tables, limit, threads, waitMs: wait * 1_000 });
    } finally {
      await log.close();
    }
  } finally {
    await tables?.close();
  }
};

const tablesOf = ({ databaseUrl, topicPrefix, topicPartitions }: Target): VerifyTables => {
  if (databaseUrl === undefined)
    throw new CliError(
      'Nobody knows where PostgreSQL is: set DATABASE_URL, or compare the topics only with --skip-tables.',
    );
  return openVerifyTables(databaseUrl, topicPrefix, topicPartitions);
};
