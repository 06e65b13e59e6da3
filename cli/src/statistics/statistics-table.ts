import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { CourseStatistics, StatisticNumbers } from './course-statistics.js';

const BAR_CHARACTERS = 20;

/** A course's statistics for people. */
export const statisticsTable = (statistics: CourseStatistics): readonly string[] => {
  const { courseId, courseTitle, allTime, recent, updatedAt } = statistics;
  const numbers = textTable(
    [
      ['', 'all time', `last ${recent.windowDays} days`],
      ['reviews', formatCount(allTime.count), formatCount(recent.count)],
      ['average', averageOf(allTime), averageOf(recent)],
      ['last review', dateOf(allTime), dateOf(recent)],
    ],
    ['left', 'right', 'right'],
  );
  return [
    courseTitle === null ? courseId : `${courseTitle} (${courseId})`,
    '',
    ...numbers,
    '',
    ...textTable(ratingRows(allTime, recent), ['right', 'right', 'right', 'left']),
    '',
    `Days ${recent.windowStart} to ${recent.windowEnd}; last change ${updatedAt}.`,
  ];
};

/** Best rating first, with a bar for its share of all time. */
const ratingRows = (allTime: StatisticNumbers, recent: StatisticNumbers): readonly (readonly string[])[] => {
  const most = Math.max(1, ...Object.values(allTime.halfStarCounts));
  return Object.keys(allTime.halfStarCounts)
    .sort((a, b) => Number(b) - Number(a))
    .map((rating) => {
      const count = allTime.halfStarCounts[rating] ?? 0;
      const bar = '█'.repeat(Math.ceil((count / most) * BAR_CHARACTERS));
      return [
        `${Number(rating).toFixed(1)} ★`,
        formatCount(count),
        formatCount(recent.halfStarCounts[rating] ?? 0),
        bar,
      ];
    });
};

const averageOf = ({ averageRating }: StatisticNumbers): string => averageRating?.toFixed(2) ?? '–';
const dateOf = ({ lastReviewAt }: StatisticNumbers): string => lastReviewAt?.slice(0, 10) ?? '–';
