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
  rollTo,
  type CourseId,
  type CourseState,
  type DayStarted,
  type Receipt,
  type ReviewChanged,
  type ReviewFact,
} from '@reviews/domain';
import { StreamsError, type StreamRecord } from '@reviews/streams';
import type { ChangeDayIndex } from './change-day-index.js';
import { FIRST_STATE, type PartitionState } from './partition-state.js';
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
    this.#state = context.partitionState() ?? FIRST_STATE;
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

  /** Brings up to `limit` courses to the day reached; when none is left, the sweep is done. */
  sweep(limit: number): void {
    const { day, dayReceipt } = this.#state;
    if (day === null) return;
    const due = this.#index.due(day, limit) as readonly CourseId[];
    for (const courseId of due) {
      const course = this.#context.get('courses', courseId);
      if (course !== undefined) this.#put(courseId, course, rollTo(course, day, dayReceipt));
    }
    if (due.length < limit) this.#state = { ...this.#state, sweptDay: day };
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
    const { day, dayReceipt } = this.#state;
    if (day === null) throw impossible(record, 'a review changed before any day started');
    const course = this.#context.get('courses', fact.courseId);
    const rolled = course === undefined ? emptyCourse(day) : rollTo(course, day, dayReceipt);
    const counted = countChange(rolled, fact, receiptOf(record));
    if (counted === null)
      throw impossible(record, `a review of ${fact.courseId} is taken away that was never counted`);
    this.#put(fact.courseId, course, counted);
  }

  #startDay(fact: DayStarted, record: StreamRecord): void {
    const { day } = this.#state;
    if (day !== null && fact.day <= day) throw impossible(record, `day ${fact.day} after day ${day}`);
    // The sweep of one day ends before the next begins: every change gets the receipt of its own day.
    this.sweep(Number.POSITIVE_INFINITY);
    this.#state = { ...this.#state, day: fact.day, dayReceipt: receiptOf(record) };
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
    this.#index.update(courseId, after);
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

/** Whether the courses of a partition still have to be brought to its day. */
export const isSweepPending = ({ day, sweptDay }: PartitionState): boolean => day !== sweptDay;

const receiptOf = ({ offset, appendTimeMs }: StreamRecord): Receipt => ({ offset, appendTimeMs });

const impossible = ({ offset }: StreamRecord, what: string, cause?: Error): StreamsError =>
  new StreamsError('IMPOSSIBLE_RECORD', `reviews-valid offset ${offset}: ${what}`, { cause });
