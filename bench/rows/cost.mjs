/** Row: what an event costs as courses become more. */
import { writeStory } from '../workloads/facts.mjs';
import { cpuOf, memoryOf, speedOf } from './figures-of.mjs';
import { deletePrefix } from './scratch.mjs';
import { runAggregator } from './statistics-run.mjs';

const EVENTS = 1_000_000;
const COURSES = [1_000, 10_000, 100_000, 1_000_000];

export const costRow = {
  title: `${EVENTS.toLocaleString('en')} events over more and more courses`,
  async run(world, { runs, profile, sized }) {
    const results = [];
    for (const courses of COURSES) {
      const prefix = `cost-${courses}-`;
      const workload = await writeStory(world, { events: sized(EVENTS), courses, prefix });
      const ours = [];
      for (let run = 0; run < runs; run++) ours.push(await runAggregator(world, workload, { profile }));
      results.push({ courses, ours });
      await deletePrefix(world, prefix);
    }
    return {
      results,
      figures: results.flatMap(({ courses, ours }) => {
        const of = `${courses.toLocaleString('en')} courses`;
        return [
          { what: `${of}, events/s`, values: ours.map(speedOf) },
          { what: `${of}, CPU-s per million events`, values: ours.map(cpuOf) },
          { what: `${of}, output records per event`, values: ours.map((run) => run.outputsPerEvent) },
          { what: `${of}, resident memory at most, MB`, values: ours.map(memoryOf) },
        ];
      }),
      goals: {},
    };
  },
};
