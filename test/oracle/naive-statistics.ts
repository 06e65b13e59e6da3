/**
 * What the statistics must be, recomputed from the facts of one partition by the rules alone: it shares no code with the
 * product and is plain and slow on purpose. A statistic's version is found by computing that statistic again, from nothing,
 * after every record that could have changed it.
 */

export interface OracleReviewVersion {
  readonly halfStars: number;
  readonly createdAtMs: number;
}

export type OracleFact =
  | {
      readonly kind: 'review-changed';
      readonly courseId: string;
      readonly before: OracleReviewVersion | null;
      readonly after: OracleReviewVersion | null;
      readonly courseTitle: string | null;
      readonly imported: boolean;
    }
  | { readonly kind: 'day-started'; readonly day: number }
  | { readonly kind: 'progress' };

export interface OracleRecord {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly fact: OracleFact;
}

export interface OracleStatistic {
  /** How many reviews have 1, 2 … 10 half stars. */
  readonly histogram: readonly number[];
  readonly lastReviewAtMs: number | null;
  /** Offset and append time of the last record that changed this statistic, and the day reached when it did. */
  readonly version: number;
  readonly updatedAtMs: number;
  readonly day: number;
}

export interface OracleStatistics {
  readonly courseTitle: string | null;
  readonly allTime: OracleStatistic;
  readonly recent: OracleStatistic;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WINDOW_DAYS = 90;

type ReviewChanged = Extract<OracleFact, { kind: 'review-changed' }>;

/** One thing that happened to a course: a change of its own, or a new day for the whole partition. */
interface Moment {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly day: number;
  readonly changed: ReviewChanged | null;
}

type Numbers = Pick<OracleStatistic, 'histogram' | 'lastReviewAtMs'>;

/** For every course with at least one fact, its statistics after the last of `records`, which are in the order of their offsets. */
export function recomputeStatistics(records: readonly OracleRecord[]): Map<string, OracleStatistics> {
  const moments = momentsByCourse(records);
  return new Map([...moments].map(([courseId, ofCourse]) => [courseId, statisticsOf(ofCourse)]));
}

function momentsByCourse(records: readonly OracleRecord[]): Map<string, Moment[]> {
  const byCourse = new Map<string, Moment[]>();
  let day: number | null = null;
  let lastOffset = -1;
  for (const { offset, appendTimeMs, fact } of records) {
    if (offset <= lastOffset) throw new Error(`offset ${offset} after ${lastOffset}`);
    lastOffset = offset;
    if (fact.kind === 'day-started') {
      if (day !== null && fact.day <= day)
        throw new Error(`offset ${offset}: day ${fact.day} after day ${day}`);
      day = fact.day;
      for (const moments of byCourse.values()) moments.push({ offset, appendTimeMs, day, changed: null });
    }
    if (fact.kind === 'review-changed') {
      if (day === null) throw new Error(`offset ${offset}: a review before the first day`);
      const moments = byCourse.get(fact.courseId) ?? [];
      moments.push({ offset, appendTimeMs, day, changed: fact });
      byCourse.set(fact.courseId, moments);
    }
  }
  return byCourse;
}

function statisticsOf(moments: readonly Moment[]): OracleStatistics {
  let courseTitle: string | null = null;
  let allTime: OracleStatistic | null = null;
  let recent: OracleStatistic | null = null;
  const soFar: ReviewChanged[] = [];
  for (const { offset, appendTimeMs, day, changed } of moments) {
    const receipt = { version: offset, updatedAtMs: appendTimeMs, day };
    if (changed !== null) soFar.push(changed);
    const title = titleAfter(soFar);
    const renamed = title !== courseTitle;
    courseTitle = title;
    const ofAllTime = allTimeNumbers(soFar);
    if (allTime === null || renamed || !equal(allTime, ofAllTime)) allTime = { ...ofAllTime, ...receipt };
    const ofRecent = recentNumbers(soFar, day);
    if (recent === null || renamed || !equal(recent, ofRecent)) recent = { ...ofRecent, ...receipt };
  }
  if (allTime === null || recent === null) throw new Error('a course without facts');
  return { courseTitle, allTime, recent };
}

/** The first one seen stays; only an import changes it. */
function titleAfter(changes: readonly ReviewChanged[]): string | null {
  let title: string | null = null;
  for (const change of changes) {
    if (change.courseTitle !== null && (title === null || change.imported)) title = change.courseTitle;
  }
  return title;
}

const allTimeNumbers = (changes: readonly ReviewChanged[]): Numbers => numbersOf(changes, () => true);

const recentNumbers = (changes: readonly ReviewChanged[], day: number): Numbers =>
  numbersOf(changes, ({ createdAtMs }) => {
    const dayOfReview = Math.floor(createdAtMs / DAY_MS);
    return day - (WINDOW_DAYS - 1) <= dayOfReview && dayOfReview <= day;
  });

function numbersOf(
  changes: readonly ReviewChanged[],
  counts: (review: OracleReviewVersion) => boolean,
): Numbers {
  const histogram = new Array<number>(10).fill(0);
  let lastReviewAtMs: number | null = null;
  for (const { before, after } of changes) {
    if (before !== null && counts(before)) add(histogram, before.halfStars, -1);
    if (after !== null && counts(after)) {
      add(histogram, after.halfStars, 1);
      lastReviewAtMs = Math.max(lastReviewAtMs ?? after.createdAtMs, after.createdAtMs);
    }
  }
  return { histogram, lastReviewAtMs };
}

function add(histogram: number[], halfStars: number, by: number): void {
  const count = histogram[halfStars - 1];
  if (count === undefined) throw new Error(`${halfStars} half stars`);
  histogram[halfStars - 1] = count + by;
}

const equal = (a: Numbers, b: Numbers): boolean =>
  a.lastReviewAtMs === b.lastReviewAtMs && a.histogram.every((count, index) => count === b.histogram[index]);
