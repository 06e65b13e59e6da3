import { ReadModelError, type SinkRange, type SinkStore } from '@reviews/read-model';
import {
  offsetOf,
  StreamsError,
  topicPartitionKey,
  type Offset,
  type PositionedSink,
  type TopicPartition,
} from '@reviews/streams';
import type { ProjectionDecoders } from './decoders.js';
import { sinkTopicOf } from './sink-topics.js';
import { storeBatch } from './store-batch.js';

/** What a projection works with: the tables, and the way into each topic. */
export interface ProjectionPorts {
  readonly store: SinkStore;
  readonly decoders: ProjectionDecoders;
  readonly topicPrefix: string;
}

/** Stores what the topics of facts, statistics and progress say. */
export const projectionOf = ({ store, decoders, topicPrefix }: ProjectionPorts): PositionedSink => {
  /** Up to here the tables had come when this process last saw them. */
  const positions = new Map<string, Offset>();

  return {
    async positionsOf(assigned) {
      const stored = await store.positionsOf(assigned.map((target) => toSinkPartition(topicPrefix, target)));
      assigned.forEach((target, index) => {
        positions.set(topicPartitionKey(target), offsetOf(stored[index] ?? 0));
      });
      return new Map(positions);
    },

    async apply(batch) {
      const key = topicPartitionKey(batch);
      // Not the batch's own beginning: between two batches there can be control records, which nobody stores.
      const from = positions.get(key) ?? batch.fetchedOffset;
      try {
        const range = { ...toSinkPartition(topicPrefix, batch), from, to: batch.nextOffset };
        await storeBatch(store, decoders, batch, range);
      } catch (error) {
        if (!(error instanceof ReadModelError) || error.retriable) throw error;
        // The tables have gone back, to a backup or to tables that were filled anew.
        if (error.code === 'POSITION_GAP') return 'moved';
        // Nothing but our own program can be wrong, so this partition stops.
        throw new StreamsError('IMPOSSIBLE_RECORD', `${key} from offset ${from}: ${error.message}`, {
          cause: error,
        });
      }
      positions.set(key, batch.nextOffset);
      return 'applied';
    },
  };
};

const toSinkPartition = (
  topicPrefix: string,
  { topic, partition }: TopicPartition,
): Pick<SinkRange, 'topic' | 'partition'> => ({ topic: sinkTopicOf(topicPrefix, topic), partition });
