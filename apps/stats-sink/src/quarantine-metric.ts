import type { TopicPartition } from '@reviews/streams';
import prometheus, { type Registry } from 'prom-client';

/** Shows how many partitions are quarantined at the moment somebody looks. Readiness names them. */
export const showQuarantined = (
  quarantined: () => readonly TopicPartition[],
  metrics: Registry,
): prometheus.Gauge =>
  new prometheus.Gauge({
    name: 'sink_quarantined_partitions',
    help: 'Partitions that are stopped because something of them can never be stored',
    registers: [metrics],
    collect() {
      this.set(quarantined().length);
    },
  });
