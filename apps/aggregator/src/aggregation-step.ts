import {
  CodecError,
  parseCountedFactRecord,
  toCourseStatisticsRecord,
  type CountedFact,
  type CourseStatistics,
  type RatingChanged,
} from '@reviews/contracts';
import {
  countChange,
  countChanges,
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
  type ReceivedChange,
  type Receipt,
} from '@reviews/domain';
import { StreamsError, type StreamRecord } from '@reviews/streams';
import type { ChangeDayIndex } from './change-day-index.js';
import { partitionStateOf, type PartitionState } from './partition-state.js';
import type { StatisticsContext, StatisticsPorts } from './statistics-ports.js';

/** A course that this transaction has changed. */
interface TouchedCourse {
  /** As it is once `changes` are counted. */
  course: CourseState;
  /** Facts that are not counted yet: many of one course cost little more than one. */
  changes: ReceivedChange[];
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
      this.#settle(courseId, touched);
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
    touched.changes.push({ change: fact, receipt: receiptOf(record) });
  }

  /** Counts what waits of a course, on the day that the partition has reached. */
  #settle(courseId: CourseId, touched: TouchedCourse): void {
    const { changes } = touched;
    if (changes.length === 0 || this.#state.day === null) return;
    // Rolled through, it has no change left up to the partition's day: only its day moves on.
    const rolled = onDay(rollThrough(touched.course, this.#state.unsweptDays), this.#state.day);
    const counted = countChanges(rolled, changes);
    if (counted === null)
      throw impossible(
        { offset: firstImpossible(rolled, changes) },
        `a review of ${courseId} is taken away that was never counted, or there are more than can be`,
      );
    touched.course = counted;
    touched.changes = [];
  }

  #startDay(fact: DayStarted, record: StreamRecord): void {
    const { day, unsweptDays } = this.#state;
    if (day !== null && fact.day <= day) throw impossible(record, `day ${fact.day} after day ${day}`);
    // What came before belongs to the day before.
    for (const [courseId, touched] of this.#touched) this.#settle(courseId, touched);
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
      changes: [],
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
      changes: [],
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

const onDay = (course: CourseState, day: EpochDay): CourseState =>
  course.day === day ? course : { ...course, day };

/** Offset of the first change that cannot be. */
const firstImpossible = (course: CourseState, changes: readonly ReceivedChange[]): number => {
  let counted: CourseState | null = course;
  for (const { change, receipt } of changes) {
    counted = countChange(counted, change, receipt);
    if (counted === null) return receipt.offset;
  }
  throw new Error('Changes that are possible one by one are possible together');
};

const receiptOf = ({ offset, appendTimeMs }: StreamRecord): Receipt => ({ offset, appendTimeMs });

const impossible = ({ offset }: { readonly offset: number }, what: string, cause?: Error): StreamsError =>
  new StreamsError('IMPOSSIBLE_RECORD', `reviews-valid offset ${offset}: ${what}`, { cause });
