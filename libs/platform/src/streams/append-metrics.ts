import type { AppendEvent, AppendSize } from '@reviews/streams';
import prometheus, { type Registry } from 'prom-client';

const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const RECORDS = [1, 3, 10, 30, 100, 300, 1_000, 2_000];

/** Metrics of plain appends. */
export interface AppendMetrics {
  readonly observe: (event: AppendEvent) => void;
  /** Shows what waits, as it is when the metrics are read. */
  readonly watch: (queued: () => AppendSize) => void;
}

/** Registers what is known of a service's appends. */
export const appendMetrics = (registry: Registry): AppendMetrics => {
  const registers = [registry];
  const duration = new prometheus.Histogram({
    name: 'log_append_duration_seconds',
    help: 'Time from a single append to its confirmation by the log, waiting included',
    buckets: SECONDS,
    registers,
  });
  const request = new prometheus.Histogram({
    name: 'log_append_request_duration_seconds',
    help: 'Time a confirmed request to the log took',
    buckets: SECONDS,
    registers,
  });
  const batch = new prometheus.Histogram({
    name: 'log_append_request_records',
    help: 'Records of a partition in a confirmed request to the log',
    buckets: RECORDS,
    registers,
  });
  const bytes = new prometheus.Counter({
    name: 'log_appended_bytes_total',
    help: 'Keys, values and headers in confirmed requests',
    registers,
  });
  const failed = new prometheus.Counter({
    name: 'log_append_failed_records_total',
    help: 'Records given up: never sent, or sent with an unknown outcome',
    labelNames: ['code'],
    registers,
  });
  const refused = new prometheus.Counter({
    name: 'log_append_refused_total',
    help: 'Single appends that were not taken in because too much waited',
    registers,
  });
  return {
    observe(event) {
      switch (event.kind) {
        case 'sent':
          request.observe(event.durationMs / 1_000);
          batch.observe(event.size.records);
          bytes.inc(event.size.bytes);
          break;
        case 'confirmed':
          duration.observe(event.durationMs / 1_000);
          break;
        case 'failed':
          failed.inc({ code: event.code }, event.size.records);
          break;
        case 'refused':
          refused.inc();
      }
    },
    watch(queued) {
      const gauge = (name: string, help: string, now: () => number): void => {
        new prometheus.Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(now());
          },
        });
      };
      gauge('log_append_queued_records', 'Records taken in without an outcome yet', () => queued().records);
      gauge('log_append_queued_bytes', 'Their keys, values and headers', () => queued().bytes);
    },
  };
};
