/** Rows of an import into the log, over HTTP, beside nothing but what the API needs. */
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { reviewRows } from '../verify/rows.mjs';
import { column, spread } from '../lib/figures.mjs';
import { cpuSecondsOf, memoryOf } from '../lib/process-usage.mjs';

export const importRows = async (url, chunks) => {
  const response = await fetch(`${url}/v1/imports/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(chunks)),
    duplex: 'half',
  });
  return JSON.parse((await response.text()).trim().split('\n').at(-1));
};

export const importPart = async ({ world, say, options: { rows, courses, runs } }) => {
  const chunks = [...reviewRows(rows, courses)];
  const megabytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 1e6;
  const results = [];
  const api = await world.startServices('import-', ['review-api']);
  try {
    for (let run = 0; run < runs; run++) {
      const cpuBefore = cpuSecondsOf(api.pid);
      const startedMs = performance.now();
      const summary = await importRows(api.url, chunks);
      const seconds = (performance.now() - startedMs) / 1_000;
      if (summary.accepted !== rows || !summary.complete) throw new Error(JSON.stringify(summary));
      const cpuSeconds = cpuSecondsOf(api.pid) - cpuBefore;
      results.push({
        rowsPerSecond: rows / seconds,
        megabytesPerSecond: megabytes / seconds,
        cpuPerMillion: (cpuSeconds / rows) * 1e6,
        ...memoryOf(api.pid),
      });
      say(`import, run ${run + 1}: ${Math.round(rows / seconds)} rows/s, ${cpuSeconds.toFixed(1)} CPU-s`);
    }
  } finally {
    await api.stop();
  }
  return {
    results,
    table: [
      [
        `import of ${rows} rows (${megabytes.toFixed(0)} MB), rows/s`,
        spread(column(results, 'rowsPerSecond')),
      ],
      ['import, MB/s', spread(column(results, 'megabytesPerSecond'), 1)],
      ['review-api, CPU-s per million rows', spread(column(results, 'cpuPerMillion'), 1)],
      ['review-api, resident memory at most, MB', spread(column(results, 'peakMb'))],
    ],
  };
};
