/** A service of the product under measurement: started, profiled, asked for its metrics. */
import { join } from 'node:path';
import { freePort } from './servers.mjs';
import { mainOf } from './checkout.mjs';
import { startProcess } from './child-process.mjs';
import { metricsAt } from './metrics.mjs';

const TIMINGS = {
  SESSION_TIMEOUT_MS: '6000',
  TRANSACTION_TIMEOUT_MS: '5000',
  REBALANCE_TIMEOUT_MS: '10000',
};
const HEAP_SUMMARY = new URL('heap-summary.mjs', import.meta.url).href;

/**
 * A CPU profile and a heap summary, left in the directory when the process ends; the latter finds it in `BENCH_HEAP_DIR`.
 *
 * @param directory undefined: none
 */
export const profileArguments = (directory, service) =>
  directory === undefined
    ? []
    : [
        '--cpu-prof',
        `--cpu-prof-dir=${directory}`,
        `--cpu-prof-name=${service}-${Date.now()}.cpuprofile`,
        `--import=${HEAP_SUMMARY}`,
      ];

/**
 * Starts one process of a service in its real environment.
 *
 * @param options `prefix` and `partitions` of its topics; `profile`, a directory; `env`, more variables
 */
export const startService = async (servers, service, { prefix, partitions, profile, env }) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(servers.directory, `${service}-${port}.log`);
  const started = await startProcess(
    [...profileArguments(profile, service), mainOf(service)],
    {
      ...servers.addresses,
      ...TIMINGS,
      TOPIC_PREFIX: prefix,
      TOPIC_PARTITIONS: String(partitions),
      PORT: String(port),
      BENCH_HEAP_DIR: profile ?? '',
      ...env,
    },
    { url, readyPath: '/health/live', logFile },
  );
  return { ...started, service, logFile, metrics: () => metricsAt(url) };
};
