import {
  CodecError,
  parseCountedFactRecord,
  toCourseStatisticsRecord,
  type CountedFact,
  type CourseStatistics,
  type RatingChanged,
} from '@reviews/contracts';
import {
  CourseTally,
  emptyCourse,
  isLaterCause,
  nextChangeDay,
  NO_VERSION,
  rollThrough,
  type Cause,
  type CourseId,
  type CourseState,
  type DayStarted,
  type EpochDay,
  type Receipt,
} from '@reviews/domain';
import { StreamsError, type StreamRecord } from '@reviews/streams';
import type { ChangeDayIndex } from './change-day-index.js';
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
  /** When it may change by itself, as the index was told last. */
  changeDay: EpochDay | null;
}

/** The work of one transaction: counts and rolls, and publishes each course that changed once, at the end. */
export class AggregationStep {
  readonly #ports: StatisticsPorts;
  readonly #index: ChangeDayIndex;
  readonly #context: StatisticsContext;
  readonly #touched = new Map<CourseId, TouchedCourse>();
  #cause: Cause;
  #state: PartitionState;

  constructor(ports: StatisticsPorts, index: ChangeDayIndex, context: StatisticsContext) {
    this.#ports = ports;
    this.#index = index;
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
   * Brings up to `limit` courses to the day reached, those first that should have changed first; when none is left, the sweep
   * is done.
   */
  sweep(limit: number): void {
    const { day, unsweptDays } = this.#state;
    if (day === null) return;
    const due = this.#index.due(day, limit) as readonly CourseId[];
    for (const courseId of due) {
      const touched = this.#touch(courseId);
      const rolled = touched && rollThrough(touched.course, unsweptDays);
      // It would be due for ever, and the sweep would never end.
      if (touched === undefined || rolled === undefined || rolled === touched.course)
        throw new StreamsError('STATE_CORRUPTED', `${courseId} is due by day ${day}, but no day rolls it`);
      touched.course = rolled;
      this.#tellIndex(courseId, touched);
    }
    const first = this.#index.firstDay();
    this.#state =
      first === null || first > day
        ? { ...this.#state, unsweptDays: [], sweptDay: day }
        : // Days before the first change that is left can change nothing: they need not be kept any longer.
          { ...this.#state, unsweptDays: unsweptDays.filter((started) => started.day >= first) };
  }

  publish(): void {
    for (const [courseId, touched] of this.#touched) {
      settle(touched);
      const { course, allTimeVersion, recentVersion } = touched;
      const { courseTitle, allTime, recent } = course;
      this.#context.put('courses', courseId, course);
      this.#tellIndex(courseId, touched);
      if (allTime.version !== allTimeVersion)
        this.#emit(this.#ports.longTermTopic, { courseId, courseTitle, ...allTime, day: null });
      if (recent.version !== recentVersion)
        this.#emit(this.#ports.recentTopic, { courseId, courseTitle, ...recent });
    }
    this.#state = { ...this.#state, cause: this.#cause };
    this.#context.setPartitionState(this.#state);
  }

  #decode(record: StreamRecord): CountedFact {
    try {
      return parseCountedFactRecord(this.#ports.facts.decode(record.value));
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
    const { allTime, recent } = course;
    const touched = {
      course,
      tally: null,
      allTimeVersion: allTime.version,
      recentVersion: recent.version,
      changeDay: nextChangeDay(course),
    };
    this.#keep(courseId, touched);
    return touched;
  }

  #add(courseId: CourseId, day: EpochDay): TouchedCourse {
    const touched = {
      course: emptyCourse(day),
      tally: null,
      allTimeVersion: NO_VERSION,
      recentVersion: NO_VERSION,
      changeDay: null,
    };
    this.#keep(courseId, touched);
    return touched;
  }

  #keep(courseId: CourseId, touched: TouchedCourse): void {
    this.#touched.set(courseId, touched);
    // It is put again, as it then is, when the transaction ends; until then it counts towards the transaction's limits.
    this.#context.put('courses', courseId, touched.course);
  }

  #tellIndex(courseId: CourseId, touched: TouchedCourse): void {
    const changeDay = nextChangeDay(touched.course);
    this.#index.move(courseId, touched.changeDay, changeDay);
    touched.changeDay = changeDay;
  }

  #emit(topic: string, statistics: CourseStatistics): void {
    this.#context.emit(topic, {
      key: Buffer.from(statistics.courseId),
      value: this.#ports.statistics[statistics.day === null ? 'longTerm' : 'recent'].encode(
        toCourseStatisticsRecord(statistics),
      ),
    });
  }
}

const settle = (touched: TouchedCourse): void => {
  touched.course = touched.tally?.course() ?? touched.course;
  touched.tally = null;
};

const receiptOf = ({ offset, appendTimeMs }: StreamRecord): Receipt => ({ offset, appendTimeMs });

const impossible = ({ offset }: StreamRecord, what: string, cause?: Error): StreamsError =>
  new StreamsError('IMPOSSIBLE_RECORD', `reviews-valid offset ${offset}: ${what}`, { cause });
