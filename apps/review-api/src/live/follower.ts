import type { FeedPosition } from '@reviews/read-model';
import type { EventSink } from './event-stream.js';

/**
 * What a client says it has seen: everything up to a position, or up to a place nobody knows. Undefined: it begins now.
 */
export type Since = FeedPosition | 'unknown' | undefined;

/**
 * Whether a client gets what the feed reads, or must be brought up first because it has just come or could not take more.
 * Nothing is kept for one that is behind: it is told from the tables when it takes more again, each course once.
 */
export type FollowerState =
  { readonly kind: 'live' } | { readonly kind: 'behind'; readonly since: Since } | CatchingUp;

/** Being told everything since a position, page by page, and meanwhile what the feed reads. */
export interface CatchingUp {
  readonly kind: 'catching-up';
  readonly since: FeedPosition;
  /** The last course of the page before; empty before the first page. */
  readonly afterCourse: string;
  /** The position of the first page. */
  readonly until: FeedPosition;
  /** Whether something was read since the first page that the client could not take. */
  readonly hasMissed: boolean;
}

/** A client that follows one course or all of them. */
export interface Follower {
  readonly sink: EventSink;
  state: FollowerState;
}
