import { offsetOf, type Offset } from '../offset.js';
import type { TopicPartition } from '../records.js';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterLog } from './dead-letter-log.js';
import { parseRedriveRecord } from './redrive-record.js';

/** A redrive that sent a letter again. */
export interface Redriven {
  readonly run: string;
  readonly atMs: number;
}

/** What the redrives of a partition have done, up to an offset. */
export interface RedrivenLetters {
  /** The redrive that sent this letter; undefined when none did. */
  of(letter: DeadLetter): Redriven | undefined;
  /** Who wrote the last barrier, and where. */
  readonly barrier: { readonly run: string; readonly offset: Offset } | undefined;
}

/** Reads a partition of the redrives topic from its start. */
export const readRedrivenLetters = async (
  log: Pick<DeadLetterLog, 'read'>,
  redrives: TopicPartition,
  end: Offset,
): Promise<RedrivenLetters> => {
  const markers = new Map<Offset, Redriven & { readonly origin: Offset }>();
  let barrier: RedrivenLetters['barrier'];
  await log.read(redrives, { from: offsetOf(0), end }, (records) => {
    for (const record of records) {
      const parsed = parseRedriveRecord(record);
      switch (parsed.kind) {
        case 'barrier':
          barrier = { run: parsed.run, offset: record.offset };
          break;
        case 'redriven':
          markers.set(parsed.letter, {
            run: parsed.run,
            origin: parsed.origin,
            atMs: record.appendTimeMs,
          });
      }
    }
  });
  return {
    barrier,
    of(letter) {
      const marker = markers.get(letter.offset);
      // Offsets begin anew when a dead-letter topic does: a marker of before is about another letter.
      return marker?.origin === letter.origin.offset ? marker : undefined;
    },
  };
};
