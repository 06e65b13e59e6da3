import type { EpochDay } from '@reviews/domain';
import { formatFeedPosition, type ChangePage, type FeedPosition } from '@reviews/read-model';
import { toCourseStatistics } from '../statistics/to-course-statistics.js';

/** The statistics of a course as they go to all who follow it: made once, sent many times. */
export interface StatisticsEvent {
  readonly courseId: string;
  /** The transaction that changed the course last. */
  readonly changedIn: bigint;
  /** Without id and end. */
  readonly text: string;
}

export type ToEvents = (page: ChangePage) => readonly StatisticsEvent[];

/** The events of a page; courses that never had a valid review have none. */
export const statisticsEvents = (
  { courses, days }: ChangePage,
  partitionOf: (courseId: string) => number,
): readonly StatisticsEvent[] =>
  courses.flatMap((course) => {
    const day: EpochDay | null = days.get(partitionOf(course.courseId)) ?? null;
    const statistics = toCourseStatistics(course, day);
    if (statistics === undefined) return [];
    const text = `event: statistics\ndata: ${JSON.stringify(statistics)}\n`;
    return [{ courseId: course.courseId, changedIn: course.changedIn, text }];
  });

/** An event after which a client has seen everything up to a position. */
export const lastEvent = ({ text }: StatisticsEvent, position: FeedPosition): string =>
  `${text}${idLine(position)}\n`;

/**
 * Events one after the other. Only the last one names the position: a client that is cut off between them comes back
 * with the one before and gets all of them.
 *
 * @param position undefined when more events follow before everything up to a position was sent
 */
export const eventsUpTo = (
  events: readonly StatisticsEvent[],
  position: FeedPosition | undefined,
): string => {
  const texts = events.map(({ text }) => text).join('\n');
  const id = position === undefined ? '' : idLine(position);
  if (texts === '') return id === '' ? '' : `${id}\n`;
  return `${texts}${id}\n`;
};

/** Tells a client that what it has may not fit to what follows: it reads afresh. */
export const resetEvent = (position: FeedPosition): string =>
  `event: reset\ndata: {"reason":"unknown-last-event-id"}\n${idLine(position)}\n`;

/** A comment, which clients ignore: it keeps proxies from taking the stream for dead. */
export const KEEP_ALIVE = ':\n\n';

/** How long a client waits before it connects again. */
export const retryLine = (retryMs: number): string => `retry: ${retryMs}\n\n`;

const idLine = (position: FeedPosition): string => `id: ${formatFeedPosition(position)}\n`;
