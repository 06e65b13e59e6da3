import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { TopicReport } from './topic-report.js';

export const topicsTable = (reports: readonly TopicReport[]): readonly string[] =>
  textTable(
    [
      ['topic', 'end offsets', 'lag'],
      ...reports.map(({ topic, ends, lag }) => [
        topic,
        ends.map(formatCount).join(' '),
        lag.map((reader) => `${reader.service} ${formatCount(reader.lag)}`).join(', '),
      ]),
    ],
    ['left', 'left', 'left'],
  );
