import type { StreamService } from '@reviews/contracts';
import { readDeadLetters, redriveLetters, type DeadLetter, type ListedLetter } from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { formatCount } from '../format-number.js';
import { printJson, printLines } from '../output.js';
import { stopSignal } from '../stop-signal.js';
import { requireRedrivable, withDeadLetters, type DeadLetters } from './dead-letters-of.js';
import { formatLetterId, type LetterId } from './letter-id.js';
import { letterProgress } from './letter-progress.js';
import { failuresIn, redriveReportJson, redriveReportLines, type ReportedOutcome } from './redrive-report.js';

interface RedriveOptions {
  readonly service: StreamService;
  readonly all?: true;
  readonly reason?: string;
  readonly returned?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `reviews dead-letters redrive` */
export const redriveNamedOrAll = async (
  letters: readonly LetterId[],
  options: RedriveOptions,
): Promise<void> => {
  checkUsage(letters, options);
  requireRedrivable(options.service);
  const named = new Set(letters.map(formatLetterId));
  const report = new Map<string, ReportedOutcome>();
  const signal = stopSignal();
  const print = (): void => {
    if (options.json === true) printJson({ dryRun: options.dryRun === true, ...redriveReportJson(report) });
    else printLines(redriveReportLines(report, named));
  };
  try {
    await withDeadLetters(options.service, async (dead) => {
      const progress = letterProgress(options.dryRun === true ? 'looked at' : 'settled');
      const run: Run = { ...dead, report, progress, signal, choose: chooserOf(named, options) };
      try {
        for (const partition of partitionsOf(letters, dead.partitions))
          if (!signal.aborted)
            await (options.dryRun === true ? rehearse(run, partition) : redrive(run, partition));
      } finally {
        progress.stop();
      }
    });
  } catch (error) {
    // What it did before is done.
    if (report.size > 0) print();
    throw error;
  }
  if (!signal.aborted) for (const id of named) if (!report.has(id)) report.set(id, 'unknown');
  print();
  if (signal.aborted) throw new CliError('Interrupted. Run the same command again for the rest.');
  const failures = failuresIn(report, named);
  if (failures > 0) throw new CliError(`${formatCount(failures)} of them could not be redriven.`);
};

/** One partition after the other, with one report. */
interface Run extends DeadLetters {
  readonly report: Map<string, ReportedOutcome>;
  readonly progress: { advance(): void };
  readonly signal: AbortSignal;
  readonly choose: Chooser;
}

/** What the command line says of a letter. */
type Chooser = (id: string, letter: DeadLetter, cameBack: boolean) => 'chosen' | 'left' | 'not asked for';

const redrive = async (
  { log, topics, report, progress, signal, choose }: Run,
  partition: number,
): Promise<void> => {
  await redriveLetters(log, {
    topics,
    partition,
    signal,
    wants(letter, cameBack) {
      const id = formatLetterId({ partition, offset: letter.offset });
      const choice = choose(id, letter, cameBack);
      if (choice === 'left') report.set(id, 'came-back');
      return choice === 'chosen';
    },
    onOutcome(letter, outcome) {
      report.set(formatLetterId({ partition, offset: letter.offset }), outcome);
      progress.advance();
    },
  });
};

const rehearse = async ({ log, topics, report, progress, choose }: Run, partition: number): Promise<void> => {
  await readDeadLetters(log, topics, partition, (listed) => {
    const { letter, cameBack } = listed;
    const id = formatLetterId({ partition, offset: letter.offset });
    const choice = choose(id, letter, cameBack > 0);
    if (choice === 'left') report.set(id, 'came-back');
    if (choice === 'chosen') report.set(id, rehearsedOutcome(listed));
    progress.advance();
  });
};

const rehearsedOutcome = ({ redriven, refusal }: ListedLetter): ReportedOutcome => {
  if (redriven !== undefined) return 'already-redriven';
  return refusal === undefined || refusal === 'no-redrives' ? 'would-redrive' : refusal;
};

const chooserOf =
  (named: ReadonlySet<string>, { all, reason, returned }: RedriveOptions): Chooser =>
  (id, letter, cameBack) => {
    if (all !== true) return named.has(id) ? 'chosen' : 'not asked for';
    if (reason !== undefined && letter.reason !== reason) return 'not asked for';
    return cameBack && returned !== true ? 'left' : 'chosen';
  };

const partitionsOf = (letters: readonly LetterId[], partitions: number): readonly number[] => {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const named = new Set(letters.map(({ partition }) => partition));
  return named.size === 0 ? all : all.filter((partition) => named.has(partition));
};

const checkUsage = (letters: readonly LetterId[], { all, reason, returned }: RedriveOptions): void => {
  const refuse = (message: string): never => {
    throw new CliError(message, { exitCode: 2 });
  };
  if (all !== true && letters.length === 0) refuse('Name letters, or say --all.');
  if (all === true && letters.length > 0) refuse('Name letters or say --all, not both.');
  if (all !== true && (reason !== undefined || returned === true))
    refuse('--reason and --returned go with --all.');
};
