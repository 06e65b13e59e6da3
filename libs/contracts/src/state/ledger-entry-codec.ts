import type {
  ContentHash,
  EventTimeMs,
  HalfStars,
  LedgerEntry,
  LiveReview,
  SubmissionId,
} from '@reviews/domain';
import { parseVerdictRecord, type VerdictRecord } from '../codecs/review-held-codec.js';
import { writeLedgerEntry } from './ledger-entry-writer.js';
import { stateReader, type StateCodec } from './versioned-avro.js';

/** What entries are written in now. */
const CURRENT_VERSION = 2;

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
export const ledgerEntryCodec: StateCodec<LedgerEntry> = {
  encode: (entry) => writeLedgerEntry(CURRENT_VERSION, entry),
  decode: stateReader(
    { version: CURRENT_VERSION, schema: SCHEMA_V2, from: toEntry },
    {
      version: 1,
      schema: SCHEMA_V1,
      from: ({ live, ...entry }: EntryRecord<LiveRecordV1>) =>
        toEntry({ ...entry, live: live === null ? null : { ...live, imported: false } }),
    },
  ),
};
