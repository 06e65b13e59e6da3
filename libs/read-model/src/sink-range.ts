/** The topics the sink applies, without prefix. */
export const SINK_TOPICS = [
  'reviews-valid',
  'reviews-fraud',
  'long-term-stats',
  'recent-stats',
  'aggregator-progress',
  'fraud-detector-progress',
] as const;
export type SinkTopic = (typeof SINK_TOPICS)[number];

/** One partition of a topic the sink applies. */
export interface SinkPartition {
  readonly topic: SinkTopic;
  readonly partition: number;
}

/** What a batch covers: the offsets from `from` up to but not including `to`. */
export interface SinkRange extends SinkPartition {
  readonly from: number;
  readonly to: number;
}
