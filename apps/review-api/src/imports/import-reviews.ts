import type { ReviewCommand } from '@reviews/domain';
import { appendWindow } from './append-window.js';
import { importRowOf, type RefusedRow } from './import-row.js';
import { linesOf } from './lines.js';

/** As long as the body of a single submission may be. */
const MAX_LINE_BYTES = 1_048_576;
/** Enough to fill the batches of a few partitions; a row is a few hundred bytes. */
const MAX_APPENDS_IN_FLIGHT = 1_000;

/** The last line of an answer: how many rows are in the log, how many never will be. */
export interface ImportSummary {
  readonly accepted: number;
  readonly refused: number;
  /** False: the log was lost midway. Importing the same file again changes nothing that is in already. */
  readonly complete: boolean;
}

/** What an import needs of the world. */
export interface ImportContext {
  append(command: ReviewCommand): Promise<unknown>;
  /** Told why an import ends early. */
  onStopped(error: unknown): void;
  nowMs(): number;
}

/**
 * Imports a file of one JSON object per line: the refused rows as they are met, then the summary. Nothing is read
 * while nobody reads the answer, and nothing while the log does not keep up, so memory does not grow with the file.
 */
export async function* importReviews(
  file: AsyncIterable<Buffer>,
  context: ImportContext,
): AsyncGenerator<RefusedRow | ImportSummary> {
  const window = appendWindow(MAX_APPENDS_IN_FLIGHT);
  let refused = 0;
  for await (const lines of linesOf(file, MAX_LINE_BYTES)) {
    for (const line of lines) {
      if (window.outcome.failure !== undefined) break;
      const row = importRowOf(line, context.nowMs());
      switch (row.kind) {
        case 'blank':
          break;
        case 'refused':
          refused += 1;
          yield row.refusal;
          break;
        case 'command':
          await window.start(() => context.append(row.command));
      }
    }
    if (window.outcome.failure !== undefined) break;
  }
  await window.drained();
  const { appended, failure } = window.outcome;
  if (failure !== undefined) context.onStopped(failure);
  yield { accepted: appended, refused, complete: failure === undefined };
}
