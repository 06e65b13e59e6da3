import { Readable } from 'node:stream';
import { chunksUntilStopped } from './chunks-until-stopped.js';
import { importReviews, type ImportContext } from './import-reviews.js';

/**
 * The answer to an import, line by line, while the file is still coming in. A client that goes away ends it: nobody
 * is left to tell.
 *
 * @param stopping says that the service ends: no more is read, what was taken in is finished, and the last line says so
 */
export const importAnswer = (file: Readable, context: ImportContext, stopping: AbortSignal): Readable =>
  Readable.from(answerLines(file, context, stopping), { objectMode: false });

async function* answerLines(
  file: Readable,
  context: ImportContext,
  stopping: AbortSignal,
): AsyncGenerator<string> {
  // Leaving a loop over a stream destroys it, and this one's socket still has to carry the answer.
  const chunks = file.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  for await (const part of importReviews(chunksUntilStopped(chunks, stopping), context))
    yield Array.isArray(part) ? part.map(lineOf).join('') : lineOf(part);
  // An import that stopped early: many clients read nothing before they have sent everything, and an answer that ends
  // before the request does would cut their connection.
  while ((await chunks.next()).done !== true);
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;
