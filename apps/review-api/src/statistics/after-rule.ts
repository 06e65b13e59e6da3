import { parseCommandPosition, type CommandPosition } from '@reviews/contracts';
import { accept, refuse, type FieldRule } from '../request/read-fields.js';

/**
 * The command an answer must include, if the client names one. It must be of the course's partition.
 *
 * @param partition undefined when the course is not known, because its id is refused itself
 */
export const afterRule =
  (partition: number | undefined): FieldRule<CommandPosition | undefined> =>
  (value) => {
    if (value === undefined) return accept(undefined);
    const position = typeof value === 'string' ? parseCommandPosition(value) : undefined;
    if (position === undefined) return refuse('must look like reviews:<partition>:<offset>');
    return partition === undefined || position.partition === partition
      ? accept(position)
      : refuse('names a partition that is not the one of this course');
  };
