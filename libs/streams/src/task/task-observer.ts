import type { StreamsErrorCode } from '../streams-error.js';

/** A transaction that was committed, for sure. */
export interface TransactionCommitted {
  readonly kind: 'committed';
  /** Records of the source it handled; 0 for a tick or a step of work. */
  readonly records: number;
  /** Records it wrote to outputs. */
  readonly outputs: number;
  /** Entries of stores it changed. */
  readonly changedKeys: number;
  /** Keys and values of all records it wrote, changelog included. */
  readonly bytes: number;
  /** From the first handler call to the confirmed commit. */
  readonly durationMs: number;
  /** Dead letters by reason. */
  readonly deadLetters: ReadonlyMap<string, number>;
}

/** What happened to a task, for metrics. */
export type TaskEvent =
  | TransactionCommitted
  /** What was begun is thrown away, and the task fences anew or stops. */
  | { readonly kind: 'aborted'; readonly code: StreamsErrorCode }
  /** The task became the only owner of its partition. */
  | { readonly kind: 'fenced' }
  /** A commit was not answered: it may have happened. */
  | { readonly kind: 'outcome-unknown' }
  /** Restoring found out what became of an unanswered commit. */
  | { readonly kind: 'outcome-resolved'; readonly outcome: 'committed' | 'aborted' }
  | {
      readonly kind: 'restored';
      /** Whether the whole changelog was read, or only what came after the state still in memory. */
      readonly extent: 'whole' | 'tail';
      readonly records: number;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | { readonly kind: 'quarantined'; readonly code: StreamsErrorCode };

/** Told about everything that happens to the tasks of a process. Must not throw. */
export type TaskObserver = (taskId: string, event: TaskEvent) => void;
