import type { ListedLetter, RecordPosition } from '@reviews/streams';
import { formatLetterId } from './letter-id.js';

/** A letter as it is listed: no bytes, so that many fit into memory. */
export interface LetterSummary {
  readonly id: string;
  /** When it was set aside, ISO 8601. */
  readonly time: string;
  readonly reason: string;
  readonly error: string;
  /** `<topic>/<partition>/<offset>` of the record it was. */
  readonly origin: string;
  /** When it was sent again, ISO 8601; null when it was not. */
  readonly redriven: string | null;
  /** Why it cannot be sent again; null when it can. */
  readonly refusal: string | null;
  /** How often its record was sent again before, and came back. */
  readonly cameBack: number;
}

export const letterSummary = (
  partition: number,
  { letter, redriven, refusal, cameBack }: ListedLetter,
): LetterSummary => ({
  id: formatLetterId({ partition, offset: letter.offset }),
  time: isoTime(letter.letterTimeMs),
  reason: letter.reason,
  error: letter.error,
  origin: formatOrigin(letter.origin),
  redriven: redriven === undefined ? null : isoTime(redriven.atMs),
  refusal: refusal ?? null,
  cameBack,
});

const formatOrigin = ({ topic, partition, offset }: RecordPosition): string =>
  `${topic}/${partition}/${offset}`;

export const isoTime = (timeMs: number): string => new Date(timeMs).toISOString();
