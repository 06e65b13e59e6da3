/** Row: the aggregator over many events of few courses. */
import { writeStory } from '../workloads/facts.mjs';
import { runAggregator } from './statistics-run.mjs';

export const aggregatorRow = async (world, { events, courses, runs, profile }) => {
  const workload = await writeStory(world, { events, courses, prefix: 'aggregator-' });
  const results = [];
  for (let run = 0; run < runs; run++) results.push(await runAggregator(world, workload, { profile }));
  return { results };
};
