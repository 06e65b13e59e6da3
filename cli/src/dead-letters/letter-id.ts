import { offsetOf, type Offset } from '@reviews/streams';
import { InvalidArgumentError } from 'commander';

/** Where a letter stands in its dead-letter topic. */
export interface LetterId {
  readonly partition: number;
  readonly offset: Offset;
}

const PATTERN = /^(\d{1,9})\/(\d{1,15})$/;

/** `<partition>/<offset>`: what people copy from one command into the next. */
export const formatLetterId = ({ partition, offset }: LetterId): string => `${partition}/${offset}`;

/** @throws InvalidArgumentError, which commander turns into wrong usage */
export const parseLetterId = (text: string): LetterId => {
  const match = PATTERN.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be <partition>/<offset>, such as 3/17.');
  return { partition: Number(match[1]), offset: offsetOf(Number(match[2])) };
};

/** Reads one more id of a list. */
export const collectLetterIds = (text: string, ids: readonly LetterId[] = []): readonly LetterId[] => [
  ...ids,
  parseLetterId(text),
];
