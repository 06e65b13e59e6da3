import { topicName } from '@reviews/contracts';
import { SINK_TOPICS, type SinkTopic } from '@reviews/read-model';

/** The name the tables use for a topic: without prefix. */
export const sinkTopicOf = (topicPrefix: string, topic: string): SinkTopic => {
  const found = SINK_TOPICS.find((name) => topicName(topicPrefix, name) === topic);
  if (found === undefined) throw new Error(`${topic} is not a topic the tables are filled from`);
  return found;
};
