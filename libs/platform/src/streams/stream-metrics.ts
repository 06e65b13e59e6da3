import type { TaskEvent, TaskObserver, TaskState, TaskStatus, TransactionCommitted } from '@reviews/streams';
import prometheus, { type Registry } from 'prom-client';

/** 1 to 50,000, what a transaction may hold. */
const RECORD_BUCKETS = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 50_000];
const KEY_BUCKETS = [0, ...RECORD_BUCKETS];
/** 100 bytes to 32 MB. */
const BYTE_BUCKETS = [100, 1_000, 10_000, 100_000, 1_000_000, 4_000_000, 16_000_000, 32_000_000];
/** 1 ms to 10 s. */
const TRANSACTION_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** 10 ms to 10 minutes. */
const RESTORE_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600];

/** All there are: the compiler notices when one is added. */
const TASK_STATES = Object.keys({
  assigned: true,
  fencing: true,
  restoring: true,
  running: true,
  quarantined: true,
  closed: true,
} satisfies Record<TaskState, true>);

/** What the metrics of a stream service are made from. */
export interface StreamMetricsSources {
  /** The tasks as they are now. */
  readonly tasks: () => readonly TaskStatus[];
  /** The wall clock, for lag in seconds and nothing else. Default: the machine's. */
  readonly nowMs?: () => number;
}

/**
 * Registers the metrics of a stream service, once per registry. What a task is now is asked for when the metrics are
 * read; what happens to it is counted by the observer returned here.
 */
export const streamMetrics = (metrics: Registry, sources: StreamMetricsSources): TaskObserver => {
  registerGauges(metrics, sources);
  return countingObserver(metrics);
};

const registerGauges = (metrics: Registry, { tasks, nowMs = Date.now }: StreamMetricsSources): void => {
  const perTask = (name: string, help: string, valueOf: (task: TaskStatus) => number | undefined): void => {
    gaugeOf(metrics, { name, help, labelNames: ['partition'] }, (gauge) => {
      for (const task of tasks()) {
        const value = valueOf(task);
        if (value !== undefined) gauge.set({ partition: String(task.partition) }, value);
      }
    });
  };
  perTask('stream_lag_records', 'Records of the source not handled yet', ({ lag }) => lag);
  perTask(
    'stream_lag_seconds',
    'Age of the last record handled, 0 when none waits; absent while none was handled',
    (task) => lagSecondsOf(task, nowMs()),
  );
  perTask('stream_state_entries', 'Entries of the state stores', ({ entries }) => entries);
  perTask('stream_state_bytes', 'Memory the state stores take', ({ stateBytes }) => stateBytes);
  const help = '1 for the state a task is in, 0 for the others';
  gaugeOf(metrics, { name: 'stream_task_state', help, labelNames: ['partition', 'state'] }, (gauge) => {
    for (const { partition, state: current } of tasks())
      for (const state of TASK_STATES)
        gauge.set({ partition: String(partition), state }, state === current ? 1 : 0);
  });
};

/** A gauge that forgets the tasks which have gone to another process. */
const gaugeOf = <Label extends string>(
  metrics: Registry,
  what: { readonly name: string; readonly help: string; readonly labelNames: readonly Label[] },
  read: (gauge: prometheus.Gauge<Label>) => void,
): void => {
  const gauge: prometheus.Gauge<Label> = new prometheus.Gauge({
    ...what,
    registers: [metrics],
    collect() {
      gauge.reset();
      read(gauge);
    },
  });
};

const lagSecondsOf = ({ lag, handledAppendTimeMs }: TaskStatus, nowMs: number): number | undefined => {
  if (lag === 0) return 0;
  // The broker's clock may be ahead of ours.
  return handledAppendTimeMs === undefined ? undefined : Math.max(0, nowMs - handledAppendTimeMs) / 1_000;
};

const countingObserver = (metrics: Registry): TaskObserver => {
  const transactions = transactionMeters(metrics);
  const life = lifeMeters(metrics);
  const count = (partition: string, event: TaskEvent): void => {
    switch (event.kind) {
      case 'committed':
        transactions.committed(partition, event);
        return;
      case 'aborted':
        transactions.aborted.inc({ partition, code: event.code });
        return;
      case 'fenced':
        life.fences.inc({ partition });
        return;
      case 'outcome-unknown':
        transactions.unknown.inc({ partition });
        return;
      case 'outcome-resolved':
        transactions.resolved.inc({ partition, outcome: event.outcome });
        return;
      case 'restored':
        life.restores.observe({ extent: event.extent }, event.durationMs / 1_000);
        life.restoredRecords.inc({ extent: event.extent }, event.records);
        life.restoredBytes.inc({ extent: event.extent }, event.bytes);
        return;
      case 'quarantined':
        life.quarantines.inc({ partition, code: event.code });
        return;
    }
  };
  return (taskId, event) => {
    count(partitionOf(taskId), event);
  };
};

const transactionMeters = (metrics: Registry) => {
  const { counter, histogram } = metersIn(metrics);
  const handled = counter('stream_records_handled_total', 'Records handled and committed', 'partition');
  const commits = counter('stream_transactions_committed_total', 'Transactions committed', 'partition');
  const deadLetters = counter('stream_dead_letters_total', 'Dead letters written', 'partition', 'reason');
  const records = histogram('stream_transaction_records', 'Records of a transaction', RECORD_BUCKETS);
  const changedKeys = histogram(
    'stream_transaction_changed_keys',
    'Entries of stores a transaction changed',
    KEY_BUCKETS,
  );
  const bytes = histogram('stream_transaction_bytes', 'Bytes a transaction wrote', BYTE_BUCKETS);
  const duration = histogram(
    'stream_transaction_duration_seconds',
    'From the first handler call to the confirmed commit',
    TRANSACTION_SECONDS,
  );
  return {
    committed(partition: string, event: TransactionCommitted): void {
      handled.inc({ partition }, event.records);
      commits.inc({ partition });
      for (const [reason, number] of event.deadLetters) deadLetters.inc({ partition, reason }, number);
      // A tick or a step of work is no batch of size 0.
      if (event.records > 0) records.observe(event.records);
      changedKeys.observe(event.changedKeys);
      bytes.observe(event.bytes);
      duration.observe(event.durationMs / 1_000);
    },
    aborted: counter(
      'stream_transactions_aborted_total',
      'Times a task gave up what it was doing',
      'partition',
      'code',
    ),
    unknown: counter('stream_outcomes_unknown_total', 'Commits that were not answered', 'partition'),
    resolved: counter(
      'stream_outcomes_resolved_total',
      'Commits that were not answered, by what had become of them',
      'partition',
      'outcome',
    ),
  };
};

const lifeMeters = (metrics: Registry) => {
  const { counter, histogram } = metersIn(metrics);
  return {
    fences: counter('stream_fences_total', 'Times a task became the only owner', 'partition'),
    restores: histogram('stream_restore_duration_seconds', 'Duration of restores', RESTORE_SECONDS, 'extent'),
    restoredRecords: counter('stream_restored_records_total', 'Changelog records read', 'extent'),
    restoredBytes: counter('stream_restored_bytes_total', 'Changelog bytes read', 'extent'),
    quarantines: counter('stream_quarantines_total', 'Tasks quarantined', 'partition', 'code'),
  };
};

const metersIn = (metrics: Registry) => {
  const registers = [metrics];
  return {
    counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new prometheus.Counter({ name, help, labelNames, registers }),
    histogram: <Label extends string>(
      name: string,
      help: string,
      buckets: number[],
      ...labelNames: Label[]
    ) => new prometheus.Histogram({ name, help, buckets, labelNames, registers }),
  };
};

/** A task id is the application id, a hyphen and the partition. */
const partitionOf = (taskId: string): string => taskId.slice(taskId.lastIndexOf('-') + 1);
