/** What went wrong, for machines. */
export type ReadModelErrorCode =
  /** The database does not answer, or refuses for now. */
  | 'DATABASE_UNAVAILABLE'
  /** The tables are not there, or are older than this program. */
  | 'NOT_MIGRATED'
  /** A batch begins after the stored position: what lies between was not applied. */
  | 'POSITION_GAP'
  /** Somebody else is building the tables anew. */
  | 'REBUILD_RUNS'
  /** Tables cannot be built anew here; the message says what to do. */
  | 'REBUILD_IMPOSSIBLE'
  /** Tables that were built anew must not be used yet: they have less than those in use. */
  | 'REBUILD_BEHIND'
  /** Anything else: our bug. */
  | 'QUERY_REFUSED';

/** An error of the read model. */
export class ReadModelError extends Error {
  readonly code: ReadModelErrorCode;
  /** Whether the same call may succeed later. */
  readonly retriable: boolean;
  constructor(code: ReadModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReadModelError';
    this.code = code;
    this.retriable = code === 'DATABASE_UNAVAILABLE' || code === 'NOT_MIGRATED';
  }
}
