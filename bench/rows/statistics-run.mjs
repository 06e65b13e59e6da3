/** One run of the aggregator over a topic of facts, checked against the oracle before its time counts. */
import { startService } from '../lib/service.mjs';
import { forgetStatistics, lastStatistics } from '../lib/topics.mjs';
import { watchUntil } from '../lib/watch.mjs';
import { difference, EVERY_FIELD, naiveStatistics } from '../workloads/oracle.mjs';
import { told } from './told.mjs';

const TOPICS = ['long-term-stats', 'recent-stats'];
const WHOLE = { fields: EVERY_FIELD, missing: 'never' };

/**
 * Compares both topics with the oracle.
 *
 * @param rules what is compared, as in `difference`
 * @returns records in each topic
 * @throws Error on the first difference
 */
export const checkStatistics = async (addresses, prefix, workload, rules = WHOLE) => {
  const expected = (workload.expected ??= naiveStatistics(workload));
  const records = {};
  for (const topic of TOPICS) {
    const last = await lastStatistics(addresses, prefix + topic, workload.courses);
    const different = difference(expected[topic], expected.present, last.statisticOf, rules);
    if (different !== null) throw new Error(`${prefix}${topic} differs from the oracle: ${different}`);
    records[topic] = last.records;
  }
  return records;
};

/** How many records a service has handled and committed. */
export const handledBy =
  (...services) =>
  async () => {
    let records = 0;
    for (const service of services) {
      service.assertAlive();
      records += (await service.metrics())('stream_records_handled_total');
    }
    return records;
  };

/** Whether tasks are spread over all processes, and all of them run: what came before was joining. */
const isSpread = async (services, partitions) => {
  const counts = await Promise.all(
    services.map(async (service) => (await service.metrics())('stream_task_state', 'state="running"')),
  );
  return counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count) === partitions;
};

const sumOf = (metrics, name) => metrics.reduce((sum, metric) => sum + metric(name), 0);

/**
 * So many aggregators from an empty state to all of a workload.
 *
 * @param options `profile` and `env` of the service
 */
export const runAggregators = async ({ servers, say }, workload, processes, options = {}) => {
  const { prefix, partitions, records } = workload;
  await forgetStatistics(servers.addresses, prefix, partitions);
  const services = await Promise.all(
    Array.from({ length: processes }, () =>
      startService(servers, 'aggregator', { ...options, prefix, partitions }),
    ),
  );
  let run;
  let metrics;
  try {
    const names = services.map((_, index) => (index === 0 ? 'service' : `service ${index + 1}`));
    const pids = Object.fromEntries(names.map((name, index) => [name, services[index].pid]));
    run = await watchUntil(records, handledBy(...services), { ...pids, broker: servers.pids.kafka }, () =>
      isSpread(services, partitions),
    );
    metrics = await Promise.all(services.map((service) => service.metrics()));
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
  const outputs = await checkStatistics(servers.addresses, prefix, workload);
  const result = {
    ...run,
    eventsPerTransaction: records / sumOf(metrics, 'stream_transactions_committed_total'),
    changedKeysPerEvent: sumOf(metrics, 'stream_transaction_changed_keys_sum') / records,
    writtenBytesPerEvent: sumOf(metrics, 'stream_transaction_bytes_sum') / records,
    stateBytes: sumOf(metrics, 'stream_state_bytes'),
    stateEntries: sumOf(metrics, 'stream_state_entries'),
    outputs,
    outputsPerEvent: (outputs['long-term-stats'] + outputs['recent-stats']) / records,
  };
  say(
    `${processes === 1 ? 'aggregator' : `${processes} aggregators`}: ${told(result)}, ${Math.round(result.eventsPerTransaction)} events per transaction`,
  );
  return result;
};

export const runAggregator = (world, workload, options) => runAggregators(world, workload, 1, options);
