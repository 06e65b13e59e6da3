/** Follows processes from the first record they have handled to the last, and what they took meanwhile. */
import { performance } from 'node:perf_hooks';
import { pause } from './child-process.mjs';
import { cpuSecondsOf, memoryOf } from './process-usage.mjs';

const LOOK_EVERY_MS = 100;
/** Nothing handled for so long: something is broken, and the benchmark must not hang. */
const SILENCE_LIMIT_MS = 120_000;

const sampleOf = (records, pids) => ({
  atMs: performance.now(),
  records,
  cpuSeconds: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)])),
});

/**
 * Looks every 100 ms how many records were handled and committed, until all were.
 *
 * @param handled how many so far; throws when what handles them has died
 * @param pids processes to account for, by name
 * @param isSteady whether what is watched has got going; until then nothing counts
 * @returns records a second and CPU seconds per million of each process, from the first look that found any record handled
 */
export const watchUntil = async (total, handled, pids, isSteady = () => true) => {
  let last = sampleOf(0, pids);
  let first;
  let movedAtMs = last.atMs;
  while (last.records < total) {
    const records = await handled();
    if (records > last.records) movedAtMs = performance.now();
    else if (performance.now() - movedAtMs > SILENCE_LIMIT_MS)
      throw new Error(`Nothing happened for ${SILENCE_LIMIT_MS / 1_000} s at ${records} of ${total} records`);
    const sample = sampleOf(records, pids);
    if (first === undefined && records > 0 && (records >= total || (await isSteady())))
      first = records < total ? sample : last;
    last = sample;
    if (records < total) await pause(LOOK_EVERY_MS);
  }
  const seconds = (last.atMs - first.atMs) / 1_000;
  const records = last.records - first.records;
  const spent = Object.fromEntries(
    Object.keys(pids).map((name) => [name, last.cpuSeconds[name] - first.cpuSeconds[name]]),
  );
  return {
    records,
    seconds,
    perSecond: records / seconds,
    cpuSeconds: spent,
    cpuPerMillion: Object.fromEntries(
      Object.entries(spent).map(([name, cpu]) => [name, (cpu / records) * 1e6]),
    ),
    peakMb: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid).peakMb])),
  };
};
