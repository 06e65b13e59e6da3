import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { importReviews, type ImportContext } from './import-reviews.js';

/**
 * The answer to an import, line by line, while the file is still coming in. A client that goes away ends it: nobody
 * is left to tell.
 */
export const importAnswer = (file: Readable, context: ImportContext): Readable =>
  Readable.from(answerLines(file, context), { objectMode: false });

async function* answerLines(file: Readable, context: ImportContext): AsyncGenerator<string> {
  // Leaving a loop over a stream destroys it, and this one's socket still has to carry the answer.
  const chunks = file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const line of importReviews(chunks, context)) yield `${JSON.stringify(line)}\n`;
  // An import that stopped early: many clients read nothing before they have sent everything, and an answer that ends
  // before the request does would cut their connection.
  file.resume();
  await finished(file, { writable: false });
}
