import type { ReviewCommand } from '@reviews/domain';
import type { BulkAccepted } from '@reviews/streams';
import { bulkAppends } from './bulk-appends.js';
import { ReadingStopped } from './chunks-until-stopped.js';
import { importRowReader, type ImportRow, type RefusedRow } from './import-row.js';
import { linesOf, type FileLine } from './lines.js';

/** As long as the body of a single submission may be. */
const MAX_LINE_BYTES = 1_048_576;

/** The last line of an answer: how many rows are in the log, how many never will be. */
export interface ImportSummary {
  readonly accepted: number;
  readonly refused: number;
  /** False: the log was lost midway, or the service stops. Importing the same file again changes nothing that is in already. */
  readonly complete: boolean;
}

/** What an import needs of the world. */
export interface ImportContext {
  /** Resolves once the commands are taken in; for that it waits as long as it must. */
  appendInBulk(commands: readonly ReviewCommand[]): Promise<BulkAccepted>;
  /** Told why an import ends early. */
  onStopped(error: unknown): void;
  nowMs(): number;
}

/**
 * Imports a file of one JSON object per line: the refused rows as they are met, some at a time, then the summary. Nothing
 * is read while nobody reads the answer, and nothing while the log does not keep up, so memory does not grow with the file.
 *
 * @param file ends with ReadingStopped when no more may be read
 */
export async function* importReviews(
  file: AsyncIterable<Buffer>,
  context: ImportContext,
): AsyncGenerator<readonly RefusedRow[] | ImportSummary> {
  const appends = bulkAppends();
  let refused = 0;
  let stopped: ReadingStopped | undefined;
  try {
    for await (const lines of linesOf(file, MAX_LINE_BYTES)) {
      const { commands, refusals } = sortedOut(lines, importRowReader(context.nowMs()));
      if (commands.length > 0) await appends.follow(context.appendInBulk(commands));
      refused += refusals.length;
      if (refusals.length > 0) yield refusals;
      if (appends.outcome.failure !== undefined) break;
    }
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error;
    stopped = error;
  }
  await appends.drained();
  const { appended, failure = stopped } = appends.outcome;
  if (failure !== undefined) context.onStopped(failure);
  yield { accepted: appended, refused, complete: failure === undefined };
}

interface SortedOut {
  readonly commands: ReviewCommand[];
  readonly refusals: RefusedRow[];
}

const sortedOut = (lines: readonly FileLine[], rowOf: (line: FileLine) => ImportRow): SortedOut => {
  const sorted: SortedOut = { commands: [], refusals: [] };
  for (const line of lines) {
    const row = rowOf(line);
    switch (row.kind) {
      case 'blank':
        break;
      case 'refused':
        sorted.refusals.push(row.refusal);
        break;
      case 'command':
        sorted.commands.push(row.command);
    }
  }
  return sorted;
};
