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

/** Who writes a topic: its transactions are what comes together. */
export const writerOf = (topic: SinkTopic): 'fraud-detector' | 'aggregator' => {
  switch (topic) {
    case 'reviews-valid':
    case 'reviews-fraud':
    case 'fraud-detector-progress':
      return 'fraud-detector';
    case 'long-term-stats':
    case 'recent-stats':
    case 'aggregator-progress':
      return 'aggregator';
  }
};
