import { topicName } from '@reviews/contracts';
import type { SinkTopic } from '@reviews/read-model';

/** What stats-sink reads, by the names the tables use: without prefix. */
export const SINK_TOPICS: readonly SinkTopic[] = ['long-term-stats', 'recent-stats', 'aggregator-progress'];

export const sinkTopicOf = (topicPrefix: string, topic: string): SinkTopic => {
  const found = SINK_TOPICS.find((name) => topicName(topicPrefix, name) === topic);
  if (found === undefined) throw new Error(`${topic} is not a topic of stats-sink`);
  return found;
};
