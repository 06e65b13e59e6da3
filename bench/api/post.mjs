/** Submissions: what the log costs beside a route that only checks them. */
import getPort from 'get-port';
import { column, median, spread } from '../lib/figures.mjs';
import { metricsAt } from '../lib/metrics.mjs';
import { cpuSecondsOf } from '../lib/process-usage.mjs';
import { evenLoad, load } from './load.mjs';
import { startProcess } from './world.mjs';

const REVIEWS = 2_000;
const CONTENT = 'Clear lectures, fair exams, and a forum that answers within the hour. '.repeat(3);

const submissions = Array.from({ length: REVIEWS }, (_, index) => ({
  method: 'POST',
  path: `/v1/courses/course-${index % 200}/reviews`,
  headers: { 'content-type': 'application/json', 'idempotency-key': `key-${index}` },
  body: JSON.stringify({ userId: `user-${index}`, rating: (1 + (index % 10)) / 2, content: CONTENT }),
}));

/** Puts beside what a load measured what each request of it took. */
const withCosts = async (pids, running) => {
  const before = pids.map(cpuSecondsOf);
  const measured = await running();
  return {
    ...measured,
    cpuMicros: pids.map((pid, index) => ((cpuSecondsOf(pid) - before[index]) / measured.requests) * 1e6),
  };
};

/** Batches of one partition that review-api has written, and the records in them. */
const batchesOf = async (url) => {
  const metrics = await metricsAt(url);
  return {
    batches: metrics('log_append_request_records_count'),
    records: metrics('log_append_request_records_sum'),
  };
};

export const postPart = async ({ world, say, options }) => {
  const api = await world.startServices('post-', ['review-api']);
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const bare = await startProcess(
    ['bench/api/service.mjs'],
    { PORT: String(port) },
    { url, readyPath: '/health/ready' },
  );
  try {
    // Warm: all compile what they run often, and the broker takes longest.
    await load(bare.url, submissions, options);
    await load(api.url, submissions, { ...options, seconds: 2 * options.seconds });
    const results = [];
    for (let run = 0; run < options.runs; run++) {
      const limit = await withCosts([bare.pid], () => load(bare.url, submissions, options));
      const before = await batchesOf(api.url);
      const whole = await withCosts([api.pid, world.pids.kafka], () => load(api.url, submissions, options));
      const after = await batchesOf(api.url);
      results.push({
        limit,
        whole,
        ratio: whole.perSecond / limit.perSecond,
        bareMicros: limit.cpuMicros[0],
        apiMicros: whole.cpuMicros[0],
        brokerMicros: whole.cpuMicros[1],
        batchRecords: (after.records - before.records) / (after.batches - before.batches),
      });
      say(`post, run ${run + 1}: ${Math.round(whole.perSecond)}/s, bare ${Math.round(limit.perSecond)}/s`);
    }
    const halfRate = median(column(column(results, 'whole'), 'perSecond')) / 2;
    const half = [];
    for (let run = 0; run < options.runs; run++)
      half.push(await evenLoad(api.url, submissions, options, halfRate));
    const whole = column(results, 'whole');
    const limit = column(results, 'limit');
    return {
      results,
      half,
      table: [
        [`POST at ${options.connections} connections, requests/s`, spread(column(whole, 'perSecond'))],
        ['limit: bare route that only checks, requests/s', spread(column(limit, 'perSecond'))],
        ['POST ÷ limit', spread(column(results, 'ratio'), 3)],
        ['review-api, CPU-µs per POST', spread(column(results, 'apiMicros'))],
        ['broker, CPU-µs per POST', spread(column(results, 'brokerMicros'))],
        ['limit, CPU-µs per request', spread(column(results, 'bareMicros'))],
        ['records of a partition per write', spread(column(results, 'batchRecords'), 1)],
        ['POST, p50 ms', spread(column(whole, 'p50Ms'))],
        ['POST, p99 ms', spread(column(whole, 'p99Ms'))],
        ['limit, p99 ms', spread(column(limit, 'p99Ms'))],
        [`POST at half that load (${Math.round(halfRate)}/s), p50 ms`, spread(column(half, 'p50Ms'), 1)],
        ['POST at half that load, p99 ms', spread(column(half, 'p99Ms'), 1)],
      ],
    };
  } finally {
    await Promise.all([bare.stop(), api.stop()]);
  }
};
