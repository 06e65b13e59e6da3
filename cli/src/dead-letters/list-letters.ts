import type { StreamService } from '@reviews/contracts';
import { readDeadLetters } from '@reviews/streams';
import { printJson, printLines } from '../output.js';
import { withDeadLetters } from './dead-letters-of.js';
import { LetterListBuilder, letterListLines } from './letter-list.js';
import { letterProgress } from './letter-progress.js';
import { letterSummary } from './letter-summary.js';

interface ListOptions {
  readonly service: StreamService;
  readonly partition?: number;
  readonly limit: number;
  readonly json?: true;
}

/** `reviews dead-letters list` */
export const listLetters = async (options: ListOptions): Promise<void> => {
  const list = await withDeadLetters(options.service, async ({ log, topics, partitions }) => {
    const builder = new LetterListBuilder(options.limit);
    const progress = letterProgress('read');
    let foreign = 0;
    try {
      for (const partition of chosen(options.partition, partitions))
        foreign += await readDeadLetters(log, topics, partition, (letter) => {
          builder.add(letterSummary(partition, letter));
          progress.advance();
        });
    } finally {
      progress.stop();
    }
    return builder.finish(options.service, foreign);
  });
  if (options.json === true) printJson(list);
  else printLines(letterListLines(list));
};

const chosen = (one: number | undefined, partitions: number): readonly number[] =>
  one === undefined ? Array.from({ length: partitions }, (_, partition) => partition) : [one];
