/** Preloaded into a profiled service: leaves what its memory was when it ends, garbage not yet collected included. */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

const directory = process.env.BENCH_HEAP_DIR;

if (directory)
  process.on('exit', () => {
    const service = basename(dirname(dirname(process.argv[1])));
    const summary = {
      service,
      memory: process.memoryUsage(),
      resources: process.resourceUsage(),
      heap: getHeapStatistics(),
      spaces: getHeapSpaceStatistics(),
    };
    writeFileSync(
      join(directory, `${service}-${process.pid}.heap.json`),
      `${JSON.stringify(summary, null, 2)}\n`,
    );
  });
