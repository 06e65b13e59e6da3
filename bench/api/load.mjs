/** HTTP load from so many connections for so many seconds. */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { quantile } from '../lib/figures.mjs';

/** As many requests as there are answers. */
export const load = async (url, requests, { connections, seconds }) => {
  const result = await autocannon({ url, connections, duration: seconds, requests });
  if (result.errors + result.non2xx > 0)
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx`);
  return {
    requests: result.requests.total,
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
};

/**
 * Requests at even distances, whether or not earlier ones are answered; each is measured from when it was due.
 *
 * @param rate requests/s
 */
export const evenLoad = async (url, requests, { connections, seconds }, rate) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedMs = performance.now();
  const answers = [];
  const total = Math.round(rate * seconds);
  while (answers.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1_000) * rate));
    for (let index = answers.length; index < due; index++)
      answers.push(
        answerTime(url, requests[index % requests.length], agent, startedMs + (index / rate) * 1_000),
      );
    await new Promise((later) => setTimeout(later, 1));
  }
  const times = await Promise.all(answers);
  agent.destroy();
  return {
    perSecond: total / ((performance.now() - startedMs) / 1_000),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
};

const answerTime = async (url, { method, path, headers, body }, agent, dueMs) => {
  const length = Buffer.byteLength(body);
  const sent = request(url + path, { method, agent, headers: { ...headers, 'content-length': length } });
  const answered = once(sent, 'response');
  sent.end(body);
  const [answer] = await answered;
  if (answer.statusCode !== 202) throw new Error(`${url}: ${answer.statusCode}`);
  answer.resume();
  await once(answer, 'end');
  return performance.now() - dueMs;
};
