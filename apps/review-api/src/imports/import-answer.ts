import { Readable } from 'node:stream';
import { importReviews, type ImportContext } from './import-reviews.js';

/**
 * The answer to an import, line by line, while the file is still coming in. A client that goes away ends it: nobody
 * is left to tell.
 */
export const importAnswer = (file: Readable, context: ImportContext): Readable =>
  Readable.from(answerLines(file, context), { objectMode: false });

async function* answerLines(file: Readable, context: ImportContext): AsyncGenerator<string> {
  try {
    // Leaving a loop over a stream destroys it, and this one's socket still has to carry the answer.
    const chunks = file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const line of importReviews(chunks, context)) yield `${JSON.stringify(line)}\n`;
  } catch (error) {
    if (!file.destroyed) throw error;
  } finally {
    // An import that stopped early: clients tend to read the answer only when everything is sent.
    file.resume();
  }
}
