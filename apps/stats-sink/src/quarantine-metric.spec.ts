import { describe, expect, it } from '@jest/globals';
import prometheus from 'prom-client';
import { showQuarantined } from './quarantine-metric.js';

describe('the metric of quarantined partitions', () => {
  it('counts those that are stopped now', async () => {
    const metrics = new prometheus.Registry();
    const quarantined: { topic: string; partition: number }[] = [];
    showQuarantined(() => quarantined, metrics);
    expect(await metrics.metrics()).toContain('sink_quarantined_partitions 0');
    quarantined.push({ topic: 'reviews-valid', partition: 2 });
    expect(await metrics.metrics()).toContain('sink_quarantined_partitions 1');
    quarantined.pop();
    expect(await metrics.metrics()).toContain('sink_quarantined_partitions 0');
  });
});
