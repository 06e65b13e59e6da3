import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import type { Random } from '../time/random.js';
import { foldChangelog } from './oracle.js';
import { TOPICS } from './simulated-service.js';

/** What no service survives: it must stop and say so, and until then write nothing wrong. */
export type DamageKind = 'changelog deleted' | 'changelog record lost' | 'source deleted';

const KINDS: readonly DamageKind[] = ['changelog deleted', 'changelog record lost', 'source deleted'];

/** A topic made anew with as many records as were handled looks like the old one. */
const LEAST_HANDLED = 5;

/** How many of a hundred runs end with damage. */
const PERCENT = 6;

export const plannedDamage = (random: Random): DamageKind | undefined =>
  random.below(100) < PERCENT ? random.pick(KINDS) : undefined;

/** @returns whether there was anything to damage in a partition */
export const damage = (cluster: InMemoryCluster, kind: DamageKind, partition: number): boolean => {
  const changelog = { topic: TOPICS.changelog, partition };
  const records = cluster.committed(changelog);
  const { position } = foldChangelog(records);
  if (position === undefined || position.sourceNext < LEAST_HANDLED) return false;
  switch (kind) {
    case 'changelog deleted':
      if (cluster.committed({ topic: TOPICS.changes, partition }).length === 0) return false;
      cluster.partition(changelog).recreate();
      return true;
    case 'source deleted':
      cluster.partition({ topic: TOPICS.source, partition }).recreate();
      return true;
    case 'changelog record lost': {
      const last = new Map(records.map((record) => [String(record.key), record]));
      const lost = [...last.values()].find(({ key, value }) => String(key).startsWith('s') && value !== null);
      if (lost === undefined) return false;
      cluster.partition(changelog).lose(lost.offset);
      return true;
    }
  }
};
