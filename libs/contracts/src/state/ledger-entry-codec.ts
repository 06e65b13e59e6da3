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

const LIVE_FIELDS_V1 = [
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
];

const schemaWith = (ownFields: readonly object[], liveFields: readonly object[]): object => ({
  type: 'record',
  name: 'LedgerEntry',
  fields: [
    ...ownFields,
    { name: 'causeOffset', type: 'long' },
    { name: 'submissionIds', type: { type: 'array', items: HASH } },
    { name: 'live', type: ['null', { type: 'record', name: 'LiveReview', fields: liveFields }] },
  ],
});

/** Had the time of the last change, also after a withdrawal, and did not know which reviews were imported. */
const SCHEMA_V1 = schemaWith([{ name: 'modifiedAt', type: 'long' }], LIVE_FIELDS_V1);
const SCHEMA_V2 = schemaWith([], [...LIVE_FIELDS_V1, { name: 'imported', type: 'boolean' }]);

interface LiveRecordV1 {
  readonly halfStars: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly contentHash: Buffer;
  readonly verdict: VerdictRecord;
}

interface LiveRecord extends LiveRecordV1 {
  readonly imported: boolean;
}

interface EntryRecord<Live> {
  readonly causeOffset: number;
  readonly submissionIds: readonly Buffer[];
  readonly live: Live | null;
}

const toLiveRecord = (live: LiveReview): LiveRecord => ({
  halfStars: live.halfStars,
  createdAt: live.createdAtMs,
  modifiedAt: live.modifiedAtMs,
  contentHash: Buffer.from(live.contentHash, 'hex'),
  verdict: toVerdictRecord(live.verdict),
  imported: live.imported,
});

// Only the ledger writes what is read here, so values are taken as they are.
const toLive = (record: LiveRecord): LiveReview => ({
  halfStars: record.halfStars as HalfStars,
  createdAtMs: record.createdAt as EventTimeMs,
  modifiedAtMs: record.modifiedAt as EventTimeMs,
  imported: record.imported,
  contentHash: record.contentHash.toString('hex') as ContentHash,
  verdict: parseVerdictRecord(record.verdict),
});

const toEntry = ({ causeOffset, submissionIds, live }: EntryRecord<LiveRecord>): LedgerEntry => ({
  live: live === null ? null : toLive(live),
  causeOffset,
  submissionIds: submissionIds.map((id) => id.toString('hex') as SubmissionId),
});

/** State of the fraud-detector: the ledger's entry of one review. */
export const ledgerEntryCodec: StateCodec<LedgerEntry> = versionedAvro(
  {
    version: 2,
    schema: SCHEMA_V2,
    to: (entry: LedgerEntry): EntryRecord<LiveRecord> => ({
      causeOffset: entry.causeOffset,
      submissionIds: entry.submissionIds.map((id) => Buffer.from(id, 'hex')),
      live: entry.live === null ? null : toLiveRecord(entry.live),
    }),
    from: toEntry,
  },
  {
    version: 1,
    schema: SCHEMA_V1,
    from: ({ live, ...entry }: EntryRecord<LiveRecordV1>) =>
      toEntry({ ...entry, live: live === null ? null : { ...live, imported: false } }),
  },
);
