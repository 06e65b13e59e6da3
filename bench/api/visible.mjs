/** From a submission to a statistic that includes it, one pair after the other on a system that does nothing else. */
import { performance } from 'node:perf_hooks';
import { quantile } from '../lib/figures.mjs';

const WARM_PAIRS = 20;

const pair = async (url, index) => {
  const course = `${url}/v1/courses/course-${index % 7}`;
  const startedMs = performance.now();
  const submitted = await fetch(`${course}/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: `user-${index}`, rating: (1 + (index % 10)) / 2 }),
  });
  const { position } = await submitted.json();
  const acceptedMs = performance.now();
  const read = await fetch(`${course}/statistics?after=${encodeURIComponent(position)}`);
  const { stale = false } = await read.json();
  return { acceptedMs: acceptedMs - startedMs, visibleMs: performance.now() - startedMs, stale };
};

export const visiblePart = async ({ world, say, options: { pairs } }) => {
  const api = await world.startServices('visible-');
  try {
    for (let index = 0; index < WARM_PAIRS; index++) await pair(api.url, index);
    const results = [];
    for (let index = 0; index < pairs; index++) results.push(await pair(api.url, WARM_PAIRS + index));
    const stale = results.filter((result) => result.stale).length;
    say(`visible: ${pairs} pairs, ${stale} stale`);
    const shares = (name) =>
      [0.5, 0.99]
        .map((share) =>
          quantile(
            results.map((result) => result[name]),
            share,
          ).toFixed(1),
        )
        .join(' / ');
    return {
      results,
      table: [
        [`POST → 202, p50 / p99 ms of ${pairs}`, shares('acceptedMs')],
        ['POST → statistic that includes it, p50 / p99 ms', shares('visibleMs')],
        ['of them stale', String(stale)],
      ],
    };
  } finally {
    await api.stop();
  }
};
