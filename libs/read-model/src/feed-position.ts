/**
 * How much of what changed somebody has seen: the snapshot of a read, and the table it was read from. Times or versions
 * would not do: transactions become visible in another order than they began, and each course counts its own.
 */
export interface FeedPosition {
  /** Tables that were built anew are others, and so are their positions. */
  readonly generation: string;
  /** Transactions before this one have ended. */
  readonly xmin: bigint;
  /** This transaction and later ones had not begun. */
  readonly xmax: bigint;
  /** Those between that had not ended, in order. */
  readonly inProgress: readonly bigint[];
}

/** Longer texts are no positions. */
export const MAX_POSITION_LENGTH = 1_000;

const GENERATION = /^\d{1,10}$/;
// PostgreSQL's own form of a snapshot: xmin:xmax:xip,xip…
const SNAPSHOT = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/;

/** The position as clients keep it. Among very many writers it says less than it knows: some changes come twice then. */
export const formatFeedPosition = ({ generation, xmin, xmax, inProgress }: FeedPosition): string => {
  const exact = `${generation}-${xmin}:${xmax}:${inProgress.join(',')}`;
  return exact.length <= MAX_POSITION_LENGTH ? exact : `${generation}-${xmin}:${xmin}:`;
};

/** The position a client kept, or undefined when the text is none. */
export const parseFeedPosition = (text: string): FeedPosition | undefined => {
  if (text.length > MAX_POSITION_LENGTH) return undefined;
  const [generation = '', ...snapshot] = text.split('-');
  return GENERATION.test(generation) ? feedPositionOf(generation, snapshot.join('-')) : undefined;
};

/** The position of a read, from what PostgreSQL says of it; undefined when that is no snapshot. */
export const feedPositionOf = (generation: string, snapshot: string): FeedPosition | undefined => {
  const [match, min = '', max = '', xips = ''] = SNAPSHOT.exec(snapshot) ?? [];
  if (match === undefined) return undefined;
  const xmin = BigInt(min);
  const xmax = BigInt(max);
  const inProgress = xips === '' ? [] : xips.split(',').map(BigInt);
  const isSnapshot = xmin <= xmax && isGrowing([xmin - 1n, ...inProgress, ...(xips === '' ? [] : [xmax])]);
  return isSnapshot ? { generation, xmin, xmax, inProgress } : undefined;
};

/** Whether what a transaction changed was seen. */
export const hasSeen = ({ xmax, inProgress }: FeedPosition, transaction: bigint): boolean =>
  transaction < xmax && !inProgress.includes(transaction);

/** Whether a position can be one that was given out before now: else it is of other tables, or of a time that was undone. */
export const isKnownAt = (position: FeedPosition, now: FeedPosition): boolean =>
  position.generation === now.generation && position.xmax <= now.xmax;

const isGrowing = (numbers: readonly bigint[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
