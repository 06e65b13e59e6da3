import { offsetOf, type Offset } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';

const BARRIER_KEY = 'barrier';

/** "I redrive this partition now": written before what earlier redrives did is read. The run tells redrives apart. */
export interface RedriveBarrier {
  readonly kind: 'barrier';
  readonly run: string;
}

/** "This letter was sent again": part of the transaction that sends it. */
export interface RedrivenMarker {
  readonly kind: 'redriven';
  /** Offset of the letter in the dead-letter partition of the same number. */
  readonly letter: Offset;
  /** Offset of the record the letter was made of: tells letters apart when the dead-letter topic was made anew. */
  readonly origin: Offset;
  readonly run: string;
}

/** A record of a redrives topic. */
export type RedriveRecord = RedriveBarrier | RedrivenMarker;

export const toRedriveRecord = (record: RedriveRecord): OutputRecord => {
  switch (record.kind) {
    case 'barrier':
      return { key: Buffer.from(BARRIER_KEY), value: toJson({ run: record.run }) };
    case 'redriven':
      return {
        key: Buffer.from(String(record.letter)),
        value: toJson({ origin: record.origin, run: record.run }),
      };
  }
};

/** @throws StreamsError IMPOSSIBLE_RECORD when it is not what a redrive wrote */
export const parseRedriveRecord = ({ key, value, offset }: StreamRecord): RedriveRecord => {
  const { origin, run } = fromJson(value);
  const name = String(key);
  if (typeof run === 'string' && name === BARRIER_KEY) return { kind: 'barrier', run };
  if (typeof run === 'string' && Number.isSafeInteger(origin) && /^\d{1,15}$/.test(name))
    return { kind: 'redriven', letter: offsetOf(Number(name)), origin: offsetOf(Number(origin)), run };
  throw new StreamsError('IMPOSSIBLE_RECORD', `No redrive wrote the record at offset ${offset}`);
};

const toJson = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const fromJson = (bytes: Buffer | null): { readonly origin?: unknown; readonly run?: unknown } => {
  try {
    const value: unknown = JSON.parse(String(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Not JSON is not ours: the caller says so, with the offset.
    return {};
  }
};
