import { parseCommandPosition, type CommandPosition } from '@reviews/contracts';
import { accept, refuse, type FieldRule } from '../request/read-fields.js';

/** The command an answer must include, if the client names one. It must be of the course's partition. */
export const afterRule =
  (partition: number): FieldRule<CommandPosition | undefined> =>
  (value) => {
    if (value === undefined) return accept(undefined);
    const position = typeof value === 'string' ? parseCommandPosition(value) : undefined;
    if (position === undefined) return refuse('must look like reviews:<partition>:<offset>');
    return position.partition === partition
      ? accept(position)
      : refuse('names a partition that is not the one of this course');
  };
