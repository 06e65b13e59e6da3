import type { ReviewHeld, Verdict } from '@reviews/domain';
import { CodecError } from '../confluent-avro.js';
import { parseChangeRecord, toChangeRecord, type ReviewChangeRecord } from './review-change-record.js';

/** A verdict as Avro has it. */
export interface VerdictRecord {
  readonly kind: 'unknown' | 'valid' | 'held';
  readonly score: number;
  readonly reasons: readonly string[];
  readonly detectorName: string;
  readonly detectorVersion: string;
}

/** A value of `reviews-fraud` as Avro has it. */
export interface ReviewHeldRecord extends ReviewChangeRecord {
  readonly verdict: VerdictRecord | null;
  readonly textOffset: number | null;
}

export const toReviewHeldRecord = (held: ReviewHeld): ReviewHeldRecord => ({
  ...toChangeRecord(held),
  verdict: held.verdict === null ? null : toVerdictRecord(held.verdict),
  textOffset: held.textOffset,
});

/** @throws CodecError when the record is impossible */
export const parseReviewHeldRecord = (record: ReviewHeldRecord): ReviewHeld => ({
  ...parseChangeRecord(record),
  verdict: record.verdict === null ? null : parseVerdictRecord(record.verdict),
  textOffset: record.textOffset,
});

const toVerdictRecord = (verdict: Verdict): VerdictRecord => ({
  kind: verdict.kind,
  score: verdict.score,
  reasons: verdict.kind === 'held' ? verdict.reasons : [],
  detectorName: verdict.detectorName,
  detectorVersion: verdict.detectorVersion,
});

/** @throws CodecError when the record is impossible */
export const parseVerdictRecord = (record: VerdictRecord): Verdict => {
  const { kind, score, reasons, detectorName, detectorVersion } = record;
  switch (kind) {
    case 'valid':
      return { kind, score, detectorName, detectorVersion };
    case 'held':
      return { kind, score, reasons, detectorName, detectorVersion };
    case 'unknown':
      throw new CodecError('A verdict of an unknown kind');
  }
};
