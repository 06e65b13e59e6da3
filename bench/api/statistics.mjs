/** Reading the statistics of courses that do not change meanwhile. */
import { reviewRows } from '../verify/rows.mjs';
import { column, spread } from '../lib/figures.mjs';
import { importRows } from './import.mjs';
import { load } from './load.mjs';
import { until } from './world.mjs';

const COURSES = 200;
const ROWS = 2_000;

const requests = Array.from({ length: COURSES }, (_, index) => ({
  method: 'GET',
  path: `/v1/courses/course-${index}/statistics`,
}));

export const statisticsPart = async ({ world, say, options }) => {
  const api = await world.startServices('get-');
  try {
    await importRows(api.url, reviewRows(ROWS, COURSES));
    await until(async () => {
      const answers = await Promise.all(requests.map(({ path }) => fetch(api.url + path)));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers.every(({ ok }) => ok);
    }, 'every course has statistics');
    await load(api.url, requests, { ...options, seconds: 2 });
    const results = [];
    for (let run = 0; run < options.runs; run++) {
      results.push(await load(api.url, requests, options));
      say(`statistics, run ${run + 1}: ${Math.round(results[run].perSecond)}/s`);
    }
    return {
      results,
      table: [
        [
          `GET statistics at ${options.connections} connections, requests/s`,
          spread(column(results, 'perSecond')),
        ],
        ['GET statistics, p99 ms', spread(column(results, 'p99Ms'))],
      ],
    };
  } finally {
    await api.stop();
  }
};
