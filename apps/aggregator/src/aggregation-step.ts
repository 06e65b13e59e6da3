import {
  CodecError,
  parseReviewFactRecord,
  toCourseStatisticsRecord,
  type CourseStatistics,
} from '@reviews/contracts';
import {
  countChange,
  emptyCourse,
  isLaterCause,
  rollThrough,
  type CourseId,
  type CourseState,
  type DayStarted,
  type Receipt,
  type ReviewChanged,
  type ReviewFact,
} from '@reviews/domain';
import { StreamsError, type StreamRecord } from '@reviews/streams';
import type { ChangeDayIndex } from './change-day-index.js';
import { partitionStateOf, type PartitionState } from './partition-state.js';
import type { StatisticsContext, StatisticsPorts } from './statistics-ports.js';

const NEVER_PUBLISHED = { allTime: -1, recent: -1 };

/** The work of one transaction: counts and rolls, and publishes each course that changed once, at the end. */
export class AggregationStep {
  readonly #ports: StatisticsPorts;
  readonly #index: ChangeDayIndex;
  readonly #context: StatisticsContext;
  /** Versions each touched course had before this transaction. */
  readonly #published = new Map<CourseId, { readonly allTime: number; readonly recent: number }>();
  #state: PartitionState;

  constructor(ports: StatisticsPorts, index: ChangeDayIndex, context: StatisticsContext) {
    this.#ports = ports;
    this.#index = index;
    this.#context = context;
    this.#state = partitionStateOf(context.partitionState());
  }

  get state(): PartitionState {
    return this.#state;
  }

  /** @throws StreamsError IMPOSSIBLE_RECORD on a fact that the fraud-detector cannot have meant */
  apply(record: StreamRecord): void {
    const fact = this.#decode(record);
    if (!isLaterCause(fact.cause, this.#state.cause))
      throw impossible(
        record,
        `cause ${fact.cause.offset}.${fact.cause.ordinal} does not come after the last one`,
      );
    this.#state = { ...this.#state, cause: fact.cause };
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
      const course = this.#context.get('courses', courseId);
      const rolled = course && rollThrough(course, unsweptDays);
      // It would be due for ever, and the sweep would never end.
      if (rolled === undefined || rolled === course)
        throw new StreamsError('STATE_CORRUPTED', `${courseId} is due by day ${day}, but no day rolls it`);
      this.#put(courseId, course, rolled);
    }
    const first = this.#index.firstDay();
    this.#state =
      first === null || first > day
        ? { ...this.#state, unsweptDays: [], sweptDay: day }
        : // Days before the first change that is left can change nothing: they need not be kept any longer.
          { ...this.#state, unsweptDays: unsweptDays.filter((started) => started.day >= first) };
  }

  publish(): void {
    for (const [courseId, versions] of this.#published) {
      const course = this.#context.get('courses', courseId);
      if (course === undefined) continue;
      const { courseTitle, allTime, recent } = course;
      if (allTime.version !== versions.allTime)
        this.#emit(this.#ports.longTermTopic, { courseId, courseTitle, ...allTime, day: null });
      if (recent.version !== versions.recent)
        this.#emit(this.#ports.recentTopic, { courseId, courseTitle, ...recent });
    }
    this.#context.setPartitionState(this.#state);
  }

  #decode(record: StreamRecord): ReviewFact {
    try {
      return parseReviewFactRecord(this.#ports.facts.decode(record.value));
    } catch (error) {
      if (error instanceof CodecError) throw impossible(record, error.message, error);
      throw error;
    }
  }

  #count(fact: ReviewChanged, record: StreamRecord): void {
    const { day, unsweptDays } = this.#state;
    if (day === null) throw impossible(record, 'a review changed before any day started');
    const course = this.#context.get('courses', fact.courseId);
    // Rolled through, it has no change left up to the partition's day: only its day moves on.
    const rolled = course === undefined ? emptyCourse(day) : { ...rollThrough(course, unsweptDays), day };
    const counted = countChange(rolled, fact, receiptOf(record));
    if (counted === null)
      throw impossible(
        record,
        `a review of ${fact.courseId} is taken away that was never counted, or there are more than can be`,
      );
    this.#put(fact.courseId, course, counted);
  }

  #startDay(fact: DayStarted, record: StreamRecord): void {
    const { day, unsweptDays } = this.#state;
    if (day !== null && fact.day <= day) throw impossible(record, `day ${fact.day} after day ${day}`);
    const started = { day: fact.day, receipt: receiptOf(record) };
    this.#state = { ...this.#state, day: fact.day, unsweptDays: [...unsweptDays, started] };
  }

  #put(courseId: CourseId, before: CourseState | undefined, after: CourseState): void {
    if (!this.#published.has(courseId))
      this.#published.set(
        courseId,
        before === undefined
          ? NEVER_PUBLISHED
          : { allTime: before.allTime.version, recent: before.recent.version },
      );
    this.#context.put('courses', courseId, after);
    this.#index.update(courseId, before, after);
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

const receiptOf = ({ offset, appendTimeMs }: StreamRecord): Receipt => ({ offset, appendTimeMs });

const impossible = ({ offset }: StreamRecord, what: string, cause?: Error): StreamsError =>
  new StreamsError('IMPOSSIBLE_RECORD', `reviews-valid offset ${offset}: ${what}`, { cause });
