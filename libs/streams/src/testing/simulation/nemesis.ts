import { offsetOf } from '../../offset.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import type { Random } from '../time/random.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { FaultCounts } from './fault-counts.js';
import type { Fleet } from './fleet.js';
import { foldChangelog } from './oracle.js';
import { simulatedService, TOPICS } from './simulated-service.js';
import type { Trace } from './trace.js';

export interface NemesisInit {
  readonly cluster: InMemoryCluster;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly counts: FaultCounts;
  readonly trace: Trace;
  readonly fleet: Fleet;
  readonly partitions: number;
  readonly untilMs: number;
}

/** Longer than any restore takes, as a topic's `delete.retention.ms` has to be. */
const TOMBSTONES_KEPT_MS = 60_000;

/** Does things to processes and brokers, one after the other, until its time is over. */
export const startNemesis = (init: NemesisInit): void => {
  const { time, random, trace, untilMs } = init;
  const everyMs = random.pick([400, 1_000, 3_000]);
  const acts = actsOf(init);
  const act = (): void => {
    const [name, perform] = random.pick(acts);
    trace.note('nemesis', name);
    perform();
    next();
  };
  const next = (): void => {
    const waitMs = random.between(1, 2 * everyMs);
    if (time.nowMs() + waitMs < untilMs) time.schedule(waitMs, act);
  };
  next();
};

const actsOf = (init: NemesisInit): readonly (readonly [string, () => void])[] => {
  const { cluster, time, random, counts, fleet, partitions } = init;
  const place = (): number => random.below(fleet.places.length);
  const anyPartition = () => ({
    topic: random.pick(Object.values(TOPICS)),
    partition: random.below(partitions),
  });
  const groupOffset = (next: number | undefined): void => {
    const key = `${TOPICS.source}/${random.below(partitions)}`;
    cluster
      .group(simulatedService.applicationId)
      .commitOffset(key, next === undefined ? undefined : offsetOf(next));
  };
  const brokers = brokerActs(init);
  return [
    [
      'kill',
      () => {
        counts.add('process killed');
        fleet.kill(place(), random.pick([10, 500, 3_000]));
      },
    ],
    [
      'freeze',
      () => {
        counts.add('process frozen');
        fleet.freeze(place(), random.pick([random.between(50, 1_000), random.between(6_500, 12_000)]));
      },
    ],
    [
      'stop',
      () => {
        counts.add('process stopped');
        fleet.stop(place());
      },
    ],
    [
      'move coordinator',
      () => {
        counts.add('coordinator moved');
        cluster.transactions.depart();
        time.schedule(random.between(50, 3_000), () => {
          cluster.transactions.arrive();
        });
      },
    ],
    [
      'move leader',
      () => {
        counts.add('leader moved');
        brokers.moveLeader(anyPartition());
      },
    ],
    [
      'move leader of the source',
      () => {
        counts.add('leader moved');
        brokers.moveLeader({ topic: TOPICS.source, partition: random.below(partitions) });
      },
    ],
    [
      'jump clock',
      () => {
        counts.add('clock jumped');
        cluster.clockSkewMs = random.pick([0, -3_600_000, -50, 50, 86_400_000]);
      },
    ],
    [
      'delete group offset',
      () => {
        counts.add('group offsets deleted');
        groupOffset(undefined);
      },
    ],
    [
      'move group offset',
      () => {
        counts.add('group offsets moved');
        groupOffset(random.pick([0, random.below(20), 1_000]));
      },
    ],
    [
      'compact',
      () => {
        counts.add('compacted');
        brokers.compact(random.below(partitions));
      },
    ],
    [
      'delete records',
      () => {
        counts.add('source records deleted', brokers.deleteHandledRecords(random.below(partitions)));
      },
    ],
  ];
};

const brokerActs = ({ cluster, time, random }: NemesisInit) => ({
  moveLeader(target: { topic: string; partition: number }): void {
    const log = cluster.partition(target);
    log.holdBackAt(log.end - random.below(8));
    time.schedule(random.between(20, 4_000), () => {
      log.catchUp();
      cluster.changed(target);
    });
  },
  compact(partition: number): void {
    const log = cluster.partition({ topic: TOPICS.changelog, partition });
    log.compact(offsetOf(random.below(log.lastStable + 1)), cluster.brokerTimeMs() - TOMBSTONES_KEPT_MS);
  },
  /** @returns 1 if there was something to delete */
  deleteHandledRecords(partition: number): number {
    const { position } = foldChangelog(cluster.committed({ topic: TOPICS.changelog, partition }));
    if (position === undefined) return 0;
    cluster
      .partition({ topic: TOPICS.source, partition })
      .deleteRecordsBefore(offsetOf(random.below(position.sourceNext + 1)));
    return 1;
  },
});
