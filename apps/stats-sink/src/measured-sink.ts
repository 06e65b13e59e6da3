import type { PositionedSink } from '@reviews/streams';
import prometheus, { type Registry } from 'prom-client';

/** A sink that counts what it applied and shows how far it is behind. */
export const measuredSink = (sink: PositionedSink, metrics: Registry): PositionedSink => {
  const registers = [metrics];
  const labelNames = ['topic', 'partition'];
  const applied = new prometheus.Counter({
    name: 'sink_records_applied_total',
    help: 'Records stored',
    labelNames,
    registers,
  });
  const lag = new prometheus.Gauge({
    name: 'sink_lag',
    help: 'Records not stored yet when the last batch was',
    labelNames,
    registers,
  });
  return {
    positionsOf: (assigned) => sink.positionsOf(assigned),
    async apply(batch) {
      const outcome = await sink.apply(batch);
      if (outcome !== 'applied') return outcome;
      const labels = { topic: batch.topic, partition: String(batch.partition) };
      applied.inc(labels, batch.records.length);
      lag.set(labels, Math.max(0, batch.highWatermark - batch.nextOffset));
      return outcome;
    },
  };
};
