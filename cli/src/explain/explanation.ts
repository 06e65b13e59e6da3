import { dayOf, toIsoDate, type EpochDay } from '@reviews/domain';
import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { ExplainedCourse, ExplainedFact, ExplainedStatistic } from './explained-course.js';

const MINUTE_CHARACTERS = 16;

/** A fact as it is shown: no text of any review. */
export interface FactLine {
  readonly offset: number;
  /** When it was appended, ISO 8601. */
  readonly time: string;
  /** Offset in `reviews` of the command, and ordinal. */
  readonly cause: string;
  readonly what: 'first' | 'edit' | 'withdrawal or hold' | 'day started';
  readonly user: string | null;
  readonly reviewId: string | null;
  /** In stars. */
  readonly before: number | null;
  readonly after: number | null;
  /** The review's own day, or the day that started. */
  readonly day: string;
  /** Whether the review as it then stood counts in the recent statistic now. */
  readonly isRecent: boolean;
  /** Which statistics it changed. */
  readonly changed: readonly string[];
}

/** What `reviews explain` prints. */
export interface Explanation {
  readonly courseId: string;
  readonly agrees: boolean;
  readonly partition: number;
  /** The day reached; null before the first. */
  readonly day: string | null;
  /** How many facts there are, shown or not. */
  readonly total: number;
  readonly facts: readonly FactLine[];
  readonly statistics: readonly {
    readonly where: string;
    readonly version: number;
    readonly reviews: number;
    readonly differs: readonly string[];
  }[];
}

/** What is shown. */
export interface ExplanationChoice {
  readonly limit: number;
  readonly recent?: true;
  readonly user?: string;
}

export const explanation = (
  courseId: string,
  partition: number,
  course: ExplainedCourse,
  choice: ExplanationChoice,
): Explanation => {
  const statistics = course.statistics();
  const facts = course.facts
    .map((fact) => factLine(fact, course))
    .filter((line) => choice.recent !== true || line.isRecent || line.what === 'day started')
    .filter((line) => choice.user === undefined || line.user === choice.user);
  return {
    courseId,
    agrees: statistics.every(({ deviations }) => deviations.length === 0),
    partition,
    day: course.day === null ? null : toIsoDate(course.day as EpochDay),
    total: facts.length,
    facts: facts.slice(-choice.limit),
    statistics: statistics.map(statisticLine),
  };
};

export const explanationLines = (explained: Explanation): readonly string[] => {
  const { courseId, partition, day, facts, total, statistics } = explained;
  const hidden = total - facts.length;
  return [
    `${courseId}, partition ${partition}, on day ${day ?? 'none'}`,
    '',
    ...(hidden > 0 ? [`… and ${formatCount(hidden)} older ones (--limit shows them)`] : []),
    ...textTable(
      [
        ['offset', 'appended', 'cause', 'what', 'user', 'stars', 'day', 'recent now', 'changed'],
        ...facts.map((fact) => [
          String(fact.offset),
          fact.time.slice(0, MINUTE_CHARACTERS),
          fact.cause,
          fact.what,
          fact.user ?? '',
          fact.user === null ? '' : `${starsOf(fact.before)} → ${starsOf(fact.after)}`,
          fact.day,
          fact.isRecent ? 'yes' : '',
          fact.changed.join(', '),
        ]),
      ],
      ['right', 'left', 'left', 'left', 'left', 'left', 'left', 'left', 'left'],
    ),
    '',
    ...statistics.map(
      ({ where, version, reviews, differs }) =>
        `${where}: ${formatCount(reviews)} reviews at version ${version}, ${differs.length === 0 ? 'agrees' : `DIFFERS: ${differs.join('; ')}`}`,
    ),
  ];
};

const factLine = ({ fact, changed }: ExplainedFact, course: ExplainedCourse): FactLine => {
  const common = {
    offset: fact.offset,
    time: new Date(fact.appendTimeMs).toISOString(),
    cause: `${fact.causeOffset}.${fact.causeOrdinal}`,
    changed: changed.map((scope) => (scope === 'allTime' ? 'all time' : 'recent')),
  };
  if (fact.topic === 'day')
    return {
      ...common,
      what: 'day started',
      user: null,
      reviewId: null,
      before: null,
      after: null,
      day: toIsoDate(fact.day as EpochDay),
      isRecent: false,
    };
  const { before, after, userId, reviewId } = fact;
  const createdAtMs = (after ?? before)?.createdAt ?? 0;
  return {
    ...common,
    what: before === null ? 'first' : after === null ? 'withdrawal or hold' : 'edit',
    user: userId,
    reviewId,
    before: before === null ? null : before.halfStars / 2,
    after: after === null ? null : after.halfStars / 2,
    day: toIsoDate(dayOf(createdAtMs)),
    isRecent: course.isRecent(fact),
  };
};

const statisticLine = ({
  published: { where, version, histogram },
  deviations,
}: ExplainedStatistic): Explanation['statistics'][number] => ({
  where,
  version,
  reviews: histogram.reduce((sum, count) => sum + count, 0),
  differs: deviations,
});

const starsOf = (stars: number | null): string => stars?.toFixed(1) ?? '–';
