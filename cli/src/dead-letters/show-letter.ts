import type { StreamService } from '@reviews/contracts';
import { nextOffset, readDeadLetters, type ListedLetter } from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { printJson, printLines } from '../output.js';
import { withDeadLetters } from './dead-letters-of.js';
import { letterDetailLines, letterDetails } from './letter-details.js';
import { formatLetterId, type LetterId } from './letter-id.js';

interface ShowOptions {
  readonly service: StreamService;
  readonly json?: true;
}

/** `reviews dead-letters show` */
export const showLetter = async (id: LetterId, options: ShowOptions): Promise<void> => {
  const { partition, offset } = id;
  const found = await withDeadLetters(options.service, async ({ log, topics, partitions }) => {
    let letter: ListedLetter | undefined;
    if (partition < partitions)
      await readDeadLetters(log, topics, partition, (listed) => (letter = listed), {
        from: offset,
        end: nextOffset(offset),
      });
    return letter;
  });
  if (found === undefined)
    throw new CliError(`The ${options.service} has no dead letter ${formatLetterId(id)}.`);
  if (options.json === true) printJson(letterDetails(partition, found));
  else printLines(letterDetailLines(partition, found));
};
