import { describe, expect, it } from '@jest/globals';
import { offsetOf, type PositionedSink, type RecordBatch } from '@reviews/streams';
import prometheus from 'prom-client';
import { measuredSink } from './measured-sink.js';

const batch: RecordBatch = {
  topic: 'recent-stats',
  partition: 1,
  records: [0, 1].map((offset) => ({
    offset: offsetOf(offset),
    key: null,
    value: null,
    appendTimeMs: 0,
    headers: {},
  })),
  fetchedOffset: offsetOf(0),
  nextOffset: offsetOf(2),
  highWatermark: offsetOf(7),
};

const sinkThat = (apply: PositionedSink['apply']): PositionedSink => ({
  apply,
  positionsOf: () => Promise.resolve(new Map()),
});

describe('the metrics of a sink', () => {
  it('count applied records and show the lag, by topic and partition', async () => {
    const metrics = new prometheus.Registry();
    await measuredSink(
      sinkThat(() => Promise.resolve('applied')),
      metrics,
    ).apply(batch);
    const text = await metrics.metrics();
    expect(text).toContain('sink_records_applied_total{topic="recent-stats",partition="1"} 2');
    expect(text).toContain('sink_lag{topic="recent-stats",partition="1"} 5');
  });

  it('count nothing of a batch that met tables elsewhere', async () => {
    const metrics = new prometheus.Registry();
    const moved = measuredSink(
      sinkThat(() => Promise.resolve('moved')),
      metrics,
    );
    expect(await moved.apply(batch)).toBe('moved');
    expect(await metrics.metrics()).not.toContain('partition="1"');
  });

  it('do not count what was not applied', async () => {
    const metrics = new prometheus.Registry();
    const failing = measuredSink(
      sinkThat(() => Promise.reject(new Error('no database'))),
      metrics,
    );
    await expect(failing.apply(batch)).rejects.toThrow('no database');
    expect(await metrics.metrics()).not.toContain('partition="1"');
  });
});
