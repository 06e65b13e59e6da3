import type { ChunkLimits } from '../chunks.js';
import { topicPartitionKey, type TopicPartition } from '../records.js';
import type { StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { appendLane, type AppendLane, type WaitingPiece } from './append-lane.js';
import type { AppendProducer } from './append-producer.js';
import type { TargetedPiece } from './append-size.js';

/** A piece in line, and who waits for what becomes of it. */
export interface SendingPiece extends WaitingPiece {
  readonly resolve: (sent: SentRecords) => void;
  readonly reject: (error: StreamsError) => void;
}

/** What waits for one partition. */
export interface Lane {
  readonly target: TopicPartition;
  readonly waiting: AppendLane<SendingPiece>;
  /** While something of it is under way. */
  isBusy: boolean;
}

/** A lane per partition that anything was ever sent to. */
export interface AppendLanes {
  of(target: TargetedPiece['target']): Lane;
  all(): Iterable<Lane>;
  /** Those with something that may be sent now. */
  ready(): readonly Lane[];
}

export const appendLanes = (request: ChunkLimits): AppendLanes => {
  const lanes = new Map<string, Lane>();
  return {
    of(target) {
      const key = topicPartitionKey(target);
      let lane = lanes.get(key);
      if (lane === undefined) {
        lane = { target, waiting: appendLane(request), isBusy: false };
        lanes.set(key, lane);
      }
      return lane;
    },
    all: () => lanes.values(),
    ready: () =>
      [...lanes.values()].filter((lane) => !lane.isBusy && lane.waiting.nextDeadlineMs() !== undefined),
  };
};

/** Lanes by the route that their records would take. */
export const byRoute = (
  producer: Pick<AppendProducer, 'routeOf'>,
  lanes: readonly Lane[],
): ReadonlyMap<string, readonly Lane[]> => {
  const routes = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const route = producer.routeOf(lane.target);
    const others = routes.get(route);
    if (others === undefined) routes.set(route, [lane]);
    else others.push(lane);
  }
  return routes;
};
