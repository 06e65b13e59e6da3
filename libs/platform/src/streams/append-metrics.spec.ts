import { beforeEach, describe, expect, it } from '@jest/globals';
import prometheus, { type Registry } from 'prom-client';
import { appendMetrics, type AppendMetrics } from './append-metrics.js';

let registry: Registry;
let metrics: AppendMetrics;

beforeEach(() => {
  registry = new prometheus.Registry();
  metrics = appendMetrics(registry);
});

const lines = async (): Promise<readonly string[]> => (await registry.metrics()).split('\n');

describe('metrics of appends', () => {
  it('show what waits as it is when they are read', async () => {
    let size = { records: 1, bytes: 10 };
    metrics.watch(() => size);
    size = { records: 3, bytes: 30 };
    expect(await lines()).toEqual(
      expect.arrayContaining(['log_append_queued_records 3', 'log_append_queued_bytes 30']),
    );
  });

  it('measure requests to the log and their size, and count what is given up by its code', async () => {
    metrics.observe({ kind: 'sent', size: { records: 20, bytes: 500 }, durationMs: 15 });
    metrics.observe({ kind: 'failed', size: { records: 7, bytes: 70 }, code: 'TRANSIENT' });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'log_append_request_records_bucket{le="10"} 0',
        'log_append_request_records_bucket{le="30"} 1',
        'log_append_request_duration_seconds_bucket{le="0.01"} 0',
        'log_append_request_duration_seconds_bucket{le="0.02"} 1',
        'log_appended_bytes_total 500',
        'log_append_failed_records_total{code="TRANSIENT"} 7',
      ]),
    );
  });

  it('tell how long single appends wait, and how many are refused', async () => {
    metrics.observe({ kind: 'confirmed', durationMs: 3 });
    metrics.observe({ kind: 'refused' });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'log_append_duration_seconds_bucket{le="0.005"} 1',
        'log_append_duration_seconds_count 1',
        'log_append_refused_total 1',
      ]),
    );
  });
});
