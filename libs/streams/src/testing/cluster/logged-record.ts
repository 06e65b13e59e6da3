import type { StreamRecord } from '../../records.js';

/** A transaction as one partition knows it. */
export interface PartitionTransaction {
  fate: 'open' | 'committed' | 'aborted';
  readonly firstOffset: number;
  markerOffset: number;
}

/** A record as it lies in the log. */
export interface LoggedRecord extends StreamRecord {
  /** Undefined for what was written outside any transaction, and for markers. */
  readonly transaction: PartitionTransaction | undefined;
  /** A transaction's end marker: takes an offset and is never handed to a reader. */
  readonly isControl: boolean;
}
