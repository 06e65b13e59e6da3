/** Rows: the parts of `npm run bench:api` that have a goal, each on servers of its own. */
import { importPart } from '../api/import.mjs';
import { postPart } from '../api/post.mjs';
import { sinkPart } from '../api/sink.mjs';
import { visiblePart } from '../api/visible.mjs';
import { worldOn } from '../api/world.mjs';
import { column, quantile } from '../lib/figures.mjs';

const OPTIONS = { connections: 50, courses: 2_000 };
const SECONDS = 5;
const ROWS = 200_000;
const SINK_ROWS = 100_000;
const PAIRS = 200;
/** However small the scale, a p99 of fewer would be their maximum. */
const LEAST_PAIRS = 20;

const optionsOf = ({ runs, scale, sized }) => ({
  ...OPTIONS,
  runs,
  seconds: Math.max(1, Math.round(SECONDS * scale)),
  rows: sized(ROWS),
  sinkRows: sized(SINK_ROWS),
  pairs: Math.max(LEAST_PAIRS, Math.round(PAIRS * scale)),
});

/** CPU seconds from start to end, over all runs. */
const spentBy = ({ spentSeconds }) =>
  Object.entries(spentSeconds).map(([service, seconds]) => ({
    what: `${service}, CPU-s from start to end of all runs`,
    values: [seconds],
  }));

const rowOf = (title, part, goalsOf) => ({
  title,
  servers: ['kafka', 'registry', 'postgres'],
  async run({ servers, say }, options) {
    const world = worldOn(servers, options);
    try {
      const { table, ...results } = await part({ world, say, options: optionsOf(options) });
      return {
        results,
        figures: [...table.map(([what, text]) => ({ what, text })), ...spentBy(world)],
        goals: goalsOf(results),
      };
    } finally {
      await world.stopServices();
    }
  },
});

/** The part measures once; here it does so as often as the others. */
const visibleRuns = async ({ options, ...context }) => {
  const runs = [];
  for (let run = 0; run < options.runs; run++) runs.push(await visiblePart({ ...context, options }));
  return {
    runs: runs.map(({ results }) => results),
    table: runs.flatMap(({ table }, run) => table.map(([what, text]) => [`run ${run + 1}: ${what}`, text])),
  };
};

const sinkRatios = (results, table) =>
  column(
    results.filter((result) => result.table === table),
    'ratio',
  );

export const API_ROWS = {
  post: rowOf('submissions at 50 connections, acks=all', postPart, ({ results, half }) => ({
    'post-speed': column(results, 'ratio'),
    'post-p99': column(half, 'p99Ms'),
  })),
  import: rowOf('an import over HTTP', importPart, ({ results }) => ({
    'import-speed': column(results, 'rowsPerSecond'),
  })),
  sink: rowOf('rows into PostgreSQL', sinkPart, ({ results }) => ({
    'sink-reviews': sinkRatios(results, 'reviews'),
    'sink-statistics': sinkRatios(results, 'course_statistics'),
  })),
  visible: rowOf(
    'from a submission to a statistic that includes it, idle system',
    visibleRuns,
    ({ runs }) => ({
      'visible-p50': runs.map((pairs) => quantile(column(pairs, 'visibleMs'), 0.5)),
      'visible-p99': runs.map((pairs) => quantile(column(pairs, 'visibleMs'), 0.99)),
    }),
  ),
};
