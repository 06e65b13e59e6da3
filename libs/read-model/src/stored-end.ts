import type { SinkTopic } from './sink-range.js';
import type { Tables } from './tables.js';

/** How far a topic's partition, the statement's first value, is stored: for SQL. */
export const storedEnd = ({ sinkPositions }: Tables, topic: SinkTopic): string =>
  `coalesce((select next_offset from ${sinkPositions} where topic = '${topic}' and partition = $1), 0)`;
