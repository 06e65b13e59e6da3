import type { RunQuery } from './database.js';
import { FRAUD_DETECTOR_PROGRESS, isTrueProgress } from './progress-tables.js';
import type { Tables } from './tables.js';

/**
 * Erases the texts of a partition's withdrawn reviews. Not before everything is stored that the withdrawing command did to
 * both topics: one that holds a review after the fact withdraws it from one topic, and the other then keeps the text. The text's cause
 * stays, so that an older record cannot bring it back.
 */
export const eraseTexts = async (query: RunQuery, tables: Tables, partition: number): Promise<void> => {
  await query(
    `update ${tables.reviews} set title = null, content = null
     where partition = $1 and status = 'withdrawn' and (title is not null or content is not null)
       and cause_offset < (
         select reviews_end from ${tables.fraudDetectorProgress}
         where partition = $1 and ${isTrueProgress(tables, FRAUD_DETECTOR_PROGRESS)}
         order by record_offset desc limit 1)`,
    [partition],
  );
};
