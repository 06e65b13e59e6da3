import { MAX_HALF_STARS } from '@reviews/domain';

/** Which of a course's two statistics a column belongs to. */
export type StatisticColumns = 'all_time' | 'recent';

/** `<statistic>_half_stars_1` … `_10`: how many reviews gave that many half stars. */
export const halfStarColumns = (columns: StatisticColumns): readonly string[] =>
  Array.from({ length: MAX_HALF_STARS }, (_, index) => `${columns}_half_stars_${index + 1}`);
