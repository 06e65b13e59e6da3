import type {
  ContentHash,
  EventTimeMs,
  HalfStars,
  LedgerEntry,
  LiveReview,
  SubmissionId,
} from '@reviews/domain';
import { parseVerdictRecord, toVerdictRecord, type VerdictRecord } from '../codecs/review-held-codec.js';
import { versionedAvro, type StateCodec } from './versioned-avro.js';

const HASH = { type: 'fixed', name: 'Hash', size: 16 };

const SCHEMA_V1 = {
  type: 'record',
  name: 'LedgerEntry',
  fields: [
    { name: 'modifiedAt', type: 'long' },
    { name: 'causeOffset', type: 'long' },
    { name: 'submissionIds', type: { type: 'array', items: HASH } },
    {
      name: 'live',
      type: [
        'null',
        {
          type: 'record',
          name: 'LiveReview',
          fields: [
            { name: 'halfStars', type: 'int' },
            { name: 'createdAt', type: 'long' },
            { name: 'modifiedAt', type: 'long' },
            { name: 'contentHash', type: 'Hash' },
            {
              name: 'verdict',
              type: {
                type: 'record',
                name: 'Verdict',
                fields: [
                  { name: 'kind', type: { type: 'enum', name: 'VerdictKind', symbols: ['valid', 'held'] } },
                  { name: 'score', type: 'int' },
                  { name: 'reasons', type: { type: 'array', items: 'string' } },
                  { name: 'detectorName', type: 'string' },
                  { name: 'detectorVersion', type: 'string' },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
};

interface LiveReviewRecord {
  readonly halfStars: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly contentHash: Buffer;
  readonly verdict: VerdictRecord;
}

interface LedgerEntryRecord {
  readonly modifiedAt: number;
  readonly causeOffset: number;
  readonly submissionIds: readonly Buffer[];
  readonly live: LiveReviewRecord | null;
}

const toLiveRecord = (live: LiveReview): LiveReviewRecord => ({
  halfStars: live.halfStars,
  createdAt: live.createdAtMs,
  modifiedAt: live.modifiedAtMs,
  contentHash: Buffer.from(live.contentHash, 'hex'),
  verdict: toVerdictRecord(live.verdict),
});

// Only the ledger writes what is read here, so values are taken as they are.
const toLive = (record: LiveReviewRecord): LiveReview => ({
  halfStars: record.halfStars as HalfStars,
  createdAtMs: record.createdAt as EventTimeMs,
  modifiedAtMs: record.modifiedAt as EventTimeMs,
  contentHash: record.contentHash.toString('hex') as ContentHash,
  verdict: parseVerdictRecord(record.verdict),
});

/** State of the fraud-detector: the ledger's entry of one review. */
export const ledgerEntryCodec: StateCodec<LedgerEntry> = versionedAvro(1, SCHEMA_V1, {
  to: (entry: LedgerEntry): LedgerEntryRecord => ({
    modifiedAt: entry.modifiedAtMs,
    causeOffset: entry.causeOffset,
    submissionIds: entry.submissionIds.map((id) => Buffer.from(id, 'hex')),
    live: entry.live === null ? null : toLiveRecord(entry.live),
  }),
  from: (record: LedgerEntryRecord): LedgerEntry => ({
    modifiedAtMs: record.modifiedAt as EventTimeMs,
    causeOffset: record.causeOffset,
    submissionIds: record.submissionIds.map((id) => id.toString('hex') as SubmissionId),
    live: record.live === null ? null : toLive(record.live),
  }),
});
