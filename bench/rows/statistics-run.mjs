/** One run over a topic of facts, ours or a peer's, checked against the oracle before its time counts. */
import { startService } from '../lib/service.mjs';
import { forgetStatistics, lastStatistics } from '../lib/topics.mjs';
import { watchUntil } from '../lib/watch.mjs';
import { difference, naiveStatistics } from '../workloads/oracle.mjs';
import { told } from './told.mjs';

const TOPICS = ['long-term-stats', 'recent-stats'];

/**
 * Compares both topics with the oracle.
 *
 * @param fields what is compared besides the histogram
 * @returns records in each topic
 * @throws Error on the first difference
 */
export const checkStatistics = async (addresses, prefix, workload, fields) => {
  const expected = (workload.expected ??= naiveStatistics(workload));
  const records = {};
  for (const topic of TOPICS) {
    const last = await lastStatistics(addresses, prefix + topic, workload.courses);
    const different = difference(expected[topic], expected.present, last.statisticOf, fields);
    if (different !== null) throw new Error(`${prefix}${topic} differs from the oracle: ${different}`);
    records[topic] = last.records;
  }
  return records;
};

const handledBy = (service) => async () => {
  service.assertAlive();
  return (await service.metrics())('stream_records_handled_total');
};

/**
 * The aggregator from an empty state to all of a workload.
 *
 * @param options `profile` and `env` of the service
 */
export const runAggregator = async ({ servers, say }, workload, options = {}) => {
  const { prefix, partitions, records } = workload;
  await forgetStatistics(servers.addresses, prefix, partitions);
  const service = await startService(servers, 'aggregator', { ...options, prefix, partitions });
  let run;
  let metrics;
  try {
    const pids = { service: service.pid, broker: servers.pids.kafka };
    run = await watchUntil(records, handledBy(service), pids);
    metrics = await service.metrics();
  } finally {
    await service.stop();
  }
  const outputs = await checkStatistics(servers.addresses, prefix, workload);
  const result = {
    ...run,
    eventsPerTransaction: records / metrics('stream_transactions_committed_total'),
    changedKeysPerEvent: metrics('stream_transaction_changed_keys_sum') / records,
    writtenBytesPerEvent: metrics('stream_transaction_bytes_sum') / records,
    stateBytes: metrics('stream_state_bytes'),
    stateEntries: metrics('stream_state_entries'),
    outputs,
    outputsPerEvent: (outputs['long-term-stats'] + outputs['recent-stats']) / records,
  };
  say(`aggregator: ${told(result)}, ${Math.round(result.eventsPerTransaction)} events per transaction`);
  return result;
};
