import type { ListedLetter } from '@reviews/streams';
import { hexDump, textOfBytes } from './hex-dump.js';
import { isoTime, letterSummary, type LetterSummary } from './letter-summary.js';

/** Longer values are cut for people; JSON has them whole. */
const SHOWN_BYTES = 4_096;

/** Bytes for programs: base64, and as text when they are text. */
interface JsonBytes {
  readonly base64: string;
  readonly text: string | null;
}

/** A letter with its original, for programs. */
export interface LetterDetails extends LetterSummary {
  readonly originAppendTime: string;
  readonly omittedBytes: number | null;
  readonly original: {
    readonly key: JsonBytes | null;
    readonly value: JsonBytes | null;
    readonly headers: Readonly<Record<string, JsonBytes>>;
  };
}

export const letterDetails = (partition: number, listed: ListedLetter): LetterDetails => {
  const { original, origin, omittedBytes } = listed.letter;
  return {
    ...letterSummary(partition, listed),
    originAppendTime: isoTime(origin.appendTimeMs),
    omittedBytes: omittedBytes ?? null,
    original: {
      key: toJsonBytes(original.key),
      value: toJsonBytes(original.value),
      headers: Object.fromEntries(
        Object.entries(original.headers).map(([name, bytes]) => [name, jsonBytesOf(bytes)]),
      ),
    },
  };
};

/** A letter as lines for people. */
export const letterDetailLines = (partition: number, listed: ListedLetter): readonly string[] => {
  const { id, time, reason, error, origin, redriven, refusal, cameBack } = letterSummary(partition, listed);
  const { original, omittedBytes, origin: from } = listed.letter;
  return [
    `Letter    ${id}, set aside ${time}`,
    `Origin    ${origin}, written ${isoTime(from.appendTimeMs)}`,
    `Reason    ${reason}`,
    `Error     ${printableLine(error)}`,
    `Redriven  ${redriven ?? (refusal === null ? 'no' : `no, and it cannot be: ${refusal}`)}`,
    ...(cameBack === 0 ? [] : ['Came back from a redrive']),
    ...Object.entries(original.headers).map(
      ([name, bytes]) => `Header    ${printableLine(name)}: ${textOfBytes(bytes) ?? bytes.toString('hex')}`,
    ),
    ...(omittedBytes === undefined
      ? [...bytesLines('Key', original.key), ...bytesLines('Value', original.value)]
      : [`The original has ${omittedBytes} bytes, too many for a letter: it stands at its origin.`]),
  ];
};

const bytesLines = (name: string, bytes: Buffer | null): readonly string[] => {
  if (bytes === null) return [`${name.padEnd(10)}null`];
  const text = textOfBytes(bytes);
  return [
    `${name.padEnd(10)}${bytes.length} bytes`,
    ...hexDump(bytes, SHOWN_BYTES),
    ...(text === undefined || text === '' || bytes.length > SHOWN_BYTES ? [] : ['As text:', text]),
  ];
};

// What a client wrote must not steer a terminal.
const printableLine = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

const jsonBytesOf = (bytes: Buffer): JsonBytes => ({
  base64: bytes.toString('base64'),
  text: textOfBytes(bytes) ?? null,
});

const toJsonBytes = (bytes: Buffer | null): JsonBytes | null => (bytes === null ? null : jsonBytesOf(bytes));
