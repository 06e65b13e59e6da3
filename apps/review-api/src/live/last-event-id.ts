import { parseFeedPosition } from '@reviews/read-model';
import type { Since } from './follower.js';

/**
 * Where a client was. A browser sends the header when it connects again, while its address still has the parameter of the
 * first time: the header counts.
 */
export const sinceOf = (header: unknown, parameter: string | undefined): Since => {
  const text = typeof header === 'string' && header !== '' ? header : parameter;
  return text === undefined || text === '' ? undefined : (parseFeedPosition(text) ?? 'unknown');
};
