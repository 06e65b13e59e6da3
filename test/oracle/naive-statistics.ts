/**
 * What the statistics must be, from the records of one partition of `reviews-valid`, as design §5 tells it: plain lists, and
 * a course counted from nothing after every record that could have changed it. Shares no code with the product.
 */

export interface NaiveCounted {
  readonly halfStars: number;
  readonly createdAtMs: number;
}

export interface NaivePublished extends NaiveCounted {
  readonly courseTitle: string | null;
  readonly imported: boolean;
}

export type NaiveRecord = NaiveChange | NaiveDay;

export interface NaiveChange {
  readonly kind: 'review-changed';
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly courseId: string;
  readonly userId: string;
  readonly before: NaiveCounted | null;
  readonly after: NaivePublished | null;
}

export interface NaiveDay {
  readonly kind: 'day-started';
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly day: number;
}

export interface NaiveStatistic {
  /** How many reviews have 1, 2 … 10 half stars. */
  readonly histogram: readonly number[];
  readonly lastReviewAtMs: number | null;
  /** Offset and append time of the record that changed this statistic last, and the day reached when it did. */
  readonly version: number;
  readonly updatedAtMs: number;
  readonly day: number;
}

export interface NaiveStatistics {
  readonly courseTitle: string | null;
  readonly allTime: NaiveStatistic;
  readonly recent: NaiveStatistic;
}

export interface NaiveCourses {
  /** @throws Error when the record contradicts those before it */
  readonly append: (record: NaiveRecord) => void;
  /** Null before the first day. */
  readonly day: () => number | null;
  /** Null for a course that never had a valid review. */
  readonly statistics: (courseId: string) => NaiveStatistics | null;
  readonly courseIds: () => readonly string[];
}

export const DAY_MS = 86_400_000;
const WINDOW_DAYS = 90;

interface Course {
  /** By user, what the last fact about the review left. */
  readonly live: Map<string, NaivePublished>;
  /** The date of every review that a fact ever brought. */
  readonly datesMs: Set<number>;
  /** Every title that came with a review, in the order of facts. */
  readonly titles: Title[];
  statistics: NaiveStatistics | null;
}

interface Title {
  readonly text: string;
  readonly imported: boolean;
}

export function naiveCourses(): NaiveCourses {
  const courses = new Map<string, Course>();
  let day: number | null = null;
  let lastOffset = -1;

  const startDay = (record: NaiveDay): void => {
    if (day !== null && record.day <= day) throw new Error(`offset ${record.offset}: no day after ${day}`);
    day = record.day;
    for (const course of courses.values()) recount(course, record, record.day);
  };

  const change = (record: NaiveChange): void => {
    const { offset, courseId, userId, before, after } = record;
    if (day === null) throw new Error(`offset ${offset}: a review before the first day`);
    const course = courses.get(courseId) ?? newCourse();
    courses.set(courseId, course);
    const was = course.live.get(userId);
    if (was?.halfStars !== before?.halfStars || was?.createdAtMs !== before?.createdAtMs)
      throw new Error(`offset ${offset}: ${userId} was not what the fact says it was`);
    if (after === null) course.live.delete(userId);
    else {
      course.live.set(userId, after);
      course.datesMs.add(after.createdAtMs);
      if (after.courseTitle !== null)
        course.titles.push({ text: after.courseTitle, imported: after.imported });
    }
    recount(course, record, day);
  };

  return {
    append(record) {
      if (record.offset <= lastOffset) throw new Error(`offset ${record.offset} after ${lastOffset}`);
      lastOffset = record.offset;
      if (record.kind === 'day-started') startDay(record);
      else change(record);
    },
    day: () => day,
    statistics: (courseId) => courses.get(courseId)?.statistics ?? null,
    courseIds: () => [...courses.keys()],
  };
}

const newCourse = (): Course => ({ live: new Map(), datesMs: new Set(), titles: [], statistics: null });

/** Counts a course from nothing. Where that differs from the last count, `record` is what changed it. */
function recount(course: Course, record: NaiveRecord, day: number): void {
  const was = course.statistics;
  const courseTitle = titleOf(course.titles);
  const receipt = { version: record.offset, updatedAtMs: record.appendTimeMs, day };
  const news = (before: NaiveStatistic | undefined, count: Count): NaiveStatistic =>
    before === undefined || courseTitle !== was?.courseTitle || !equal(before, count)
      ? { ...count, ...receipt }
      : before;
  course.statistics = {
    courseTitle,
    allTime: news(was?.allTime, countOf(course, -Infinity, Infinity)),
    recent: news(was?.recent, countOf(course, (day - (WINDOW_DAYS - 1)) * DAY_MS, (day + 1) * DAY_MS)),
  };
}

type Count = Pick<NaiveStatistic, 'histogram' | 'lastReviewAtMs'>;

/** Counts what is dated from `startMs` on and before `endMs`. The last review stays the last when it is withdrawn. */
function countOf({ live, datesMs }: Course, startMs: number, endMs: number): Count {
  const histogram = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { halfStars, createdAtMs } of live.values())
    if (startMs <= createdAtMs && createdAtMs < endMs)
      histogram[halfStars - 1] = (histogram[halfStars - 1] ?? 0) + 1;
  let lastReviewAtMs: number | null = null;
  for (const dateMs of datesMs)
    if (startMs <= dateMs && dateMs < endMs && (lastReviewAtMs === null || dateMs > lastReviewAtMs))
      lastReviewAtMs = dateMs;
  return { histogram, lastReviewAtMs };
}

/** The first title seen stays; only an import changes it. */
function titleOf(titles: readonly Title[]): string | null {
  return (titles.findLast(({ imported }) => imported) ?? titles[0])?.text ?? null;
}

const equal = (a: Count, b: Count): boolean =>
  a.lastReviewAtMs === b.lastReviewAtMs && a.histogram.every((count, index) => count === b.histogram[index]);
