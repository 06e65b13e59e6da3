import { CodecError, type CountedFact, type RatingChanged } from '@reviews/contracts';
import {
  CourseTally,
  emptyCourse,
  isLaterCause,
  rollThrough,
  type Cause,
  type CourseId,
  type CourseState,
  type DayStarted,
  type EpochDay,
  type Receipt,
} from '@reviews/domain';
import { StreamsError, type StreamRecord } from '@reviews/streams';
import { isDueBy, type DayWalk } from './day-walk.js';
import { partitionStateOf, type PartitionState } from './partition-state.js';
import type { StatisticsContext, StatisticsPorts } from './statistics-ports.js';

/** A course that this transaction has changed. */
interface TouchedCourse {
  /** As it was when `tally` began. */
  course: CourseState;
  /** What it is becoming, on the partition's day; null while nothing was counted on that day. */
  tally: CourseTally | null;
  /** Versions of its statistics before this transaction. */
  readonly allTimeVersion: number;
  readonly recentVersion: number;
}

/** The work of one transaction: counts and rolls, and publishes each course that changed once, at the end. */
export class AggregationStep {
  readonly #ports: StatisticsPorts;
  readonly #context: StatisticsContext;
  readonly #touched = new Map<CourseId, TouchedCourse>();
  #cause: Cause;
  #state: PartitionState;

  constructor(ports: StatisticsPorts, context: StatisticsContext) {
    this.#ports = ports;
    this.#context = context;
    this.#state = partitionStateOf(context.partitionState());
    this.#cause = this.#state.cause;
  }

  get state(): PartitionState {
    return this.#state;
  }

  /** @throws StreamsError IMPOSSIBLE_RECORD on a fact that the fraud-detector cannot have meant */
  apply(record: StreamRecord): void {
    const fact = this.#decode(record);
    if (!isLaterCause(fact.cause, this.#cause))
      throw impossible(
        record,
        `cause ${fact.cause.offset}.${fact.cause.ordinal} does not come after the last one`,
      );
    this.#cause = fact.cause;
    switch (fact.kind) {
      case 'review-changed':
        this.#count(fact, record);
        return;
      case 'day-started':
        this.#startDay(fact, record);
        return;
      case 'progress':
        return;
    }
  }

  /**
   * Looks at the next `limit` courses of a walk, and brings those to the day reached that change by it. At the end of the walk
   * its day is swept.
   */
  sweep({ day, courses }: DayWalk, limit: number): 'walking' | 'arrived' {
    for (let looked = 0; looked < limit; looked++) {
      const next = courses.next();
      if (next.done === true) {
        const unsweptDays = this.#state.unsweptDays.filter((started) => started.day > day);
        this.#state = { ...this.#state, sweptDay: day, unsweptDays };
        return 'arrived';
      }
      if (next.value !== undefined) this.#roll(next.value as CourseId, day);
    }
    return 'walking';
  }

  publish(): void {
    for (const [courseId, touched] of this.#touched) {
      settle(touched);
      this.#context.put('courses', courseId, touched.course);
      this.#emitChanged(courseId, touched);
    }
    if (this.#cause !== this.#state.cause) this.#state = { ...this.#state, cause: this.#cause };
    this.#context.setPartitionState(this.#state);
  }

  #decode(record: StreamRecord): CountedFact {
    try {
      return this.#ports.facts.decode(record.value);
    } catch (error) {
      if (error instanceof CodecError) throw impossible(record, error.message, error);
      throw error;
    }
  }

  #count(fact: RatingChanged, record: StreamRecord): void {
    const { day } = this.#state;
    if (day === null) throw impossible(record, 'a review changed before any day started');
    const touched = this.#touch(fact.courseId) ?? this.#add(fact.courseId, day);
    touched.tally ??= this.#tallyOn(day, touched.course);
    if (!touched.tally.count(fact, record))
      throw impossible(
        record,
        `a review of ${fact.courseId} is taken away that was never counted, or there are more than can be`,
      );
  }

  #tallyOn(day: EpochDay, course: CourseState): CourseTally {
    // Rolled through, it has no change left up to the partition's day: only its day moves on.
    const rolled = rollThrough(course, this.#state.unsweptDays);
    return new CourseTally(rolled.day === day ? rolled : { ...rolled, day });
  }

  #startDay(fact: DayStarted, record: StreamRecord): void {
    const { day, unsweptDays } = this.#state;
    if (day !== null && fact.day <= day) throw impossible(record, `day ${fact.day} after day ${day}`);
    // What came before belongs to the day before.
    for (const touched of this.#touched.values()) settle(touched);
    const started = { day: fact.day, receipt: receiptOf(record) };
    this.#state = { ...this.#state, day: fact.day, unsweptDays: [...unsweptDays, started] };
  }

  /** The course as it is now; undefined when there is none yet. */
  #touch(courseId: CourseId): TouchedCourse | undefined {
    const known = this.#touched.get(courseId);
    if (known !== undefined) return known;
    const course = this.#context.get('courses', courseId);
    if (course === undefined) return undefined;
    const touched = touchedOf(course);
    this.#keep(courseId, touched);
    return touched;
  }

  #roll(courseId: CourseId, day: EpochDay): void {
    const course = this.#context.get('courses', courseId);
    // A fact may have brought it to its day since the walk looked at it.
    if (course === undefined || !isDueBy(course, day)) return;
    const rolled = rollThrough(course, this.#state.unsweptDays);
    // Its window would be wrong from now on, and nobody would look at it again.
    if (isDueBy(rolled, day))
      throw new StreamsError('STATE_CORRUPTED', `${courseId} is due by day ${day}, but no day rolls it`);
    this.#keep(courseId, { ...touchedOf(course), course: rolled });
  }

  #add(courseId: CourseId, day: EpochDay): TouchedCourse {
    const touched = touchedOf(emptyCourse(day));
    this.#keep(courseId, touched);
    return touched;
  }

  #keep(courseId: CourseId, touched: TouchedCourse): void {
    this.#touched.set(courseId, touched);
    // It is put again, as it then is, when the transaction ends; until then it counts towards the transaction's limits.
    this.#context.put('courses', courseId, touched.course);
  }

  #emitChanged(courseId: CourseId, { course, allTimeVersion, recentVersion }: TouchedCourse): void {
    const { courseTitle, allTime, recent } = course;
    const { encodeLongTerm, encodeRecent, longTermTopic, recentTopic } = this.#ports;
    const named = { courseId, courseTitle };
    const key = Buffer.from(courseId);
    if (allTime.version !== allTimeVersion)
      this.#context.emit(longTermTopic, { key, value: encodeLongTerm(named, allTime, null) });
    if (recent.version !== recentVersion)
      this.#context.emit(recentTopic, { key, value: encodeRecent(named, recent, recent.day) });
  }
}

const touchedOf = (course: CourseState): TouchedCourse => ({
  course,
  tally: null,
  allTimeVersion: course.allTime.version,
  recentVersion: course.recent.version,
});

const settle = (touched: TouchedCourse): void => {
  touched.course = touched.tally?.course() ?? touched.course;
  touched.tally = null;
};

const receiptOf = ({ offset, appendTimeMs }: StreamRecord): Receipt => ({ offset, appendTimeMs });

const impossible = ({ offset }: StreamRecord, what: string, cause?: Error): StreamsError =>
  new StreamsError('IMPOSSIBLE_RECORD', `reviews-valid offset ${offset}: ${what}`, { cause });
