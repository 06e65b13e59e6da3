/** Row: everything on one key, in turns with as many events after Zipf's law. */
import { writeStory, oneCourse } from '../workloads/facts.mjs';
import { figuresOf, ratios, speedOf } from './figures-of.mjs';
import { deletePrefix } from './scratch.mjs';
import { runAggregator } from './statistics-run.mjs';

const EVENTS = 1_000_000;

/** Output records a second in the topic that has more of them. */
const outputsPerSecond = ({ outputs, seconds }) => Math.max(...Object.values(outputs)) / seconds;

export const hotRow = {
  title: `${EVENTS.toLocaleString('en')} events on one course`,
  async run(world, { courses, runs, profile, sized }) {
    const events = sized(EVENTS);
    const one = await writeStory(world, {
      events,
      courses: 1,
      prefix: 'hot-one-',
      nextCourseOf: oneCourse,
    });
    const many = await writeStory(world, { events, courses, prefix: 'hot-many-' });
    const hot = [];
    const spread = [];
    for (let run = 0; run < runs; run++) {
      hot.push(await runAggregator(world, one, { profile }));
      spread.push(await runAggregator(world, many));
    }
    await deletePrefix(world, 'hot-');
    return {
      results: { hot, spread },
      figures: [
        ...figuresOf('one course', hot),
        { what: 'one course, output records a second in a topic', values: hot.map(outputsPerSecond) },
        ...figuresOf(`${courses.toLocaleString('en')} courses`, spread),
      ],
      goals: { 'hot-outputs': hot.map(outputsPerSecond), 'hot-speed': ratios(hot, spread, speedOf) },
    };
  },
};
