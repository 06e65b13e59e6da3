import { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { formatCount } from '../format-number.js';
import { printJson, printLines, printNote } from '../output.js';
import { parseInteger } from '../parse-option.js';
import { stopSignal } from '../stop-signal.js';
import { findTarget } from '../target/find-target.js';
import { rethrowForPeople } from '../verify/rethrow-for-people.js';
import { rebuildReadModel, type RebuildRequest, type RebuildSteps } from './rebuild-read-model.js';
import { areTablesRight, rebuildReportLines, type RebuildReport } from './rebuild-report.js';

const DEFAULT_PARALLEL = 8;
const BYTES_PER_MB = 1_048_576;

/** `reviews rebuild-read-model`: the tables anew, from the topics. */
export const rebuildReadModelCommand = (): Command =>
  new Command('rebuild-read-model')
    .description('Build the tables anew from the topics, check them, and switch to them while reads go on.')
    .option('--dry-run', 'compare the new tables with those in use, and drop them again')
    .option('--keep-old', 'keep the old tables, under a name with the date')
    .option('--parallel <n>', 'partitions of topics at the same time', parseInteger(1), DEFAULT_PARALLEL)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Nothing has to be stopped. PostgreSQL needs as much room again as the tables take, and its role must own them and be
allowed to make a schema. Nothing is switched when the new tables do not agree with each other: exit code 1; so does a
dry run end that finds a difference. Ctrl-C leaves the tables in use as they are.`,
    )
    .action(run);

interface RebuildOptions {
  readonly dryRun?: true;
  readonly keepOld?: true;
  readonly parallel: number;
  readonly json?: true;
}

const run = async (options: RebuildOptions): Promise<void> => {
  const target = await findTarget();
  const signal = stopSignal();
  const old = oldTablesOf(options);
  const report = await rebuildReadModel({
    target,
    old,
    parallel: options.parallel,
    signal,
    steps: SAID,
  }).catch((error: unknown): RebuildReport => {
    if (signal.aborted) throw new CliError('Stopped. The tables in use are as they were.', { cause: error });
    return rethrowForPeople(error);
  });
  if (options.json === true) printJson(report);
  else printLines(rebuildReportLines(report));
  if (!areTablesRight(report))
    throw new CliError('The tables in use are as they were, and not what the topics say.');
};

const oldTablesOf = ({ dryRun, keepOld }: RebuildOptions): RebuildRequest['old'] => {
  if (dryRun === true) return { kind: 'in-use' };
  return keepOld === true ? { kind: 'kept', at: new Date() } : { kind: 'dropped' };
};

const SAID: RebuildSteps = {
  load(bytesInUse) {
    printNote(
      `Loading into new tables. Those in use take ${formatCount(Math.ceil(bytesInUse / BYTES_PER_MB))} MB.`,
    );
    return Promise.resolve();
  },
  check() {
    printNote('Checking that reviews and statistics agree.');
    return Promise.resolve();
  },
  switchOver() {
    printNote('Switching.');
    return Promise.resolve();
  },
};
