import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Offset, TaskObserver, TaskStatus, TransactionCommitted } from '@reviews/streams';
import prometheus, { type Registry } from 'prom-client';
import { serviceMetrics } from '../metrics/service-metrics.js';
import { streamMetrics } from './stream-metrics.js';

const TASK = 'prefix-with-hyphens-aggregator-3';
const NOW_MS = 1_700_000_010_000;

const running: TaskStatus = {
  taskId: TASK,
  partition: 3,
  state: 'running',
  sourceNext: 40 as Offset,
  lag: 0,
  handledAppendTimeMs: NOW_MS - 2_500,
  entries: 12,
  stateBytes: 3_456,
};

const committed: TransactionCommitted = {
  kind: 'committed',
  records: 500,
  outputs: 20,
  changedKeys: 7,
  bytes: 5_000,
  durationMs: 25,
  deadLetters: new Map([['undecodable', 2]]),
};

let metrics: Registry;
let observe: TaskObserver;
let tasks: readonly TaskStatus[];

beforeEach(() => {
  metrics = new prometheus.Registry();
  tasks = [running];
  observe = streamMetrics(metrics, { tasks: () => tasks, nowMs: () => NOW_MS });
});

/** The lines of one metric, without its comments. */
const linesOf = async (name: string): Promise<string[]> =>
  (await metrics.metrics()).split('\n').filter((line) => line.startsWith(name));

describe('what a task is now', () => {
  it('is asked for when the metrics are read', async () => {
    tasks = [{ ...running, lag: 41, entries: 13 }];
    expect(await linesOf('stream_lag_records')).toEqual(['stream_lag_records{partition="3"} 41']);
    expect(await linesOf('stream_state_entries')).toEqual(['stream_state_entries{partition="3"} 13']);
    expect(await linesOf('stream_state_bytes')).toEqual(['stream_state_bytes{partition="3"} 3456']);
  });

  it('is forgotten when the task has gone to another process', async () => {
    expect(await linesOf('stream_lag_records')).toHaveLength(1);
    tasks = [];
    expect(await linesOf('stream_lag_')).toEqual([]);
    expect(await linesOf('stream_task_state')).toEqual([]);
  });

  it('has 1 for the state it is in and 0 for every other, so that no series comes and goes', async () => {
    expect(await linesOf('stream_task_state')).toEqual([
      'stream_task_state{partition="3",state="assigned"} 0',
      'stream_task_state{partition="3",state="fencing"} 0',
      'stream_task_state{partition="3",state="restoring"} 0',
      'stream_task_state{partition="3",state="running"} 1',
      'stream_task_state{partition="3",state="quarantined"} 0',
      'stream_task_state{partition="3",state="closed"} 0',
    ]);
  });
});

describe('lag in seconds', () => {
  it.each([
    ['is the age of the last record handled while others wait', { lag: 1 }, ['2.5']],
    ['is 0 when nothing waits, however old the last record is', { lag: 0 }, ['0']],
    ['is absent while nothing was handled', { lag: 9, handledAppendTimeMs: undefined }, []],
    [
      'is never negative when the clock of the broker is ahead',
      { lag: 9, handledAppendTimeMs: NOW_MS + 5 },
      ['0'],
    ],
  ])('%s', async (_rule, change, values) => {
    tasks = [{ ...running, ...change }];
    expect(await linesOf('stream_lag_seconds')).toEqual(
      values.map((value) => `stream_lag_seconds{partition="3"} ${value}`),
    );
  });
});

describe('what happens to a task', () => {
  it('is counted by the partition at the end of its task id', async () => {
    observe(TASK, { kind: 'fenced' });
    observe(TASK, { kind: 'fenced' });
    expect(await linesOf('stream_fences_total')).toEqual(['stream_fences_total{partition="3"} 2']);
  });

  it('counts a transaction with its records, and measures its size and duration', async () => {
    observe(TASK, committed);
    const text = await metrics.metrics();
    for (const line of [
      'stream_records_handled_total{partition="3"} 500',
      'stream_transactions_committed_total{partition="3"} 1',
      'stream_transaction_records_bucket{le="300"} 0',
      'stream_transaction_records_bucket{le="1000"} 1',
      'stream_transaction_changed_keys_sum 7',
      'stream_transaction_bytes_sum 5000',
      'stream_transaction_duration_seconds_bucket{le="0.01"} 0',
      'stream_transaction_duration_seconds_bucket{le="0.03"} 1',
      'stream_dead_letters_total{partition="3",reason="undecodable"} 2',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('does not count a tick as a batch of no records', async () => {
    observe(TASK, { ...committed, records: 0 });
    expect(await linesOf('stream_transactions_committed_total')).toEqual([
      'stream_transactions_committed_total{partition="3"} 1',
    ]);
    expect(await linesOf('stream_transaction_records_count')).toEqual(['stream_transaction_records_count 0']);
  });

  it('tells failures by code, and unanswered commits by what became of them', async () => {
    observe(TASK, { kind: 'outcome-unknown' });
    observe(TASK, { kind: 'aborted', code: 'TRANSIENT' });
    observe(TASK, { kind: 'outcome-resolved', outcome: 'committed' });
    observe(TASK, { kind: 'quarantined', code: 'STATE_CORRUPTED' });
    const text = await metrics.metrics();
    for (const line of [
      'stream_outcomes_unknown_total{partition="3"} 1',
      'stream_transactions_aborted_total{partition="3",code="TRANSIENT"} 1',
      'stream_outcomes_resolved_total{partition="3",outcome="committed"} 1',
      'stream_quarantines_total{partition="3",code="STATE_CORRUPTED"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('tells a restore of the whole state from one of its tail', async () => {
    observe(TASK, { kind: 'restored', extent: 'whole', records: 900, bytes: 9_000, durationMs: 1_500 });
    observe(TASK, { kind: 'restored', extent: 'tail', records: 1, bytes: 80, durationMs: 12 });
    expect(await linesOf('stream_restore_duration_seconds_sum')).toEqual([
      'stream_restore_duration_seconds_sum{extent="whole"} 1.5',
      'stream_restore_duration_seconds_sum{extent="tail"} 0.012',
    ]);
    expect(await linesOf('stream_restored_records_total')).toEqual([
      'stream_restored_records_total{extent="whole"} 900',
      'stream_restored_records_total{extent="tail"} 1',
    ]);
    expect(await linesOf('stream_restored_bytes_total{extent="whole"}')).toEqual([
      'stream_restored_bytes_total{extent="whole"} 9000',
    ]);
  });
});

describe('the registry of a service', () => {
  it('shows the delay of the event loop beside the metrics of its streams', async () => {
    metrics = serviceMetrics('aggregator');
    streamMetrics(metrics, { tasks: () => tasks });
    expect(await linesOf('nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(await linesOf('stream_lag_records')).toEqual([
      'stream_lag_records{partition="3",service="aggregator"} 0',
    ]);
  });
});
