/** The goals of the benchmark, all of them judged within one run: a ratio is the measured one of two things run in turns. */
import { median } from '../lib/figures.mjs';

/** By id. `row` measures it; a goal is met at least or at most at its bound. */
export const GOALS = {
  'aggregator-textbook': {
    row: 'aggregator',
    what: 'aggregator ÷ textbook Kafka Streams, events/s',
    atLeast: 150,
  },
  'aggregator-speed': { row: 'aggregator', what: 'aggregator ÷ best Kafka Streams, events/s', atLeast: 2 },
  'aggregator-cpu': {
    row: 'aggregator',
    what: 'aggregator ÷ best Kafka Streams, CPU per event',
    atMost: 0.4,
  },
  'million-speed': { row: 'million', what: 'a million courses: ÷ best, events/s', atLeast: 1.3 },
  'million-cpu': { row: 'million', what: 'a million courses: ÷ best, CPU per event', atMost: 0.6 },
  'million-memory': { row: 'million', what: 'a million courses: ÷ best, resident memory', atMost: 0.35 },
  'hot-outputs': { row: 'hot', what: 'hot course: output records a second, per topic', atMost: 20 },
  'hot-speed': { row: 'hot', what: 'hot course ÷ Zipf, events/s', atLeast: 1 },
  'ledger-speed': { row: 'ledger', what: 'fraud-detector ÷ Kafka Streams ledger, commands/s', atLeast: 1 },
  'restore-time': { row: 'restore', what: 'restore of a million courses ÷ best, time', atMost: 1.2 },
  'roll-seconds': { row: 'day-roll', what: 'day roll of a million courses, 10 % change, s', atMost: 30 },
  'roll-p99': { row: 'day-roll', what: 'p99 of events during the roll ÷ without', atMost: 2 },
  'post-speed': { row: 'post', what: 'POST ÷ bare validating route, requests/s', atLeast: 0.6 },
  'post-p99': { row: 'post', what: 'POST at half of that load, p99 ms', atMost: 50 },
  'import-speed': { row: 'import', what: 'import over HTTP, rows/s', atLeast: 40_000 },
  'sink-reviews': { row: 'sink', what: 'stats-sink ÷ COPY, reviews', atLeast: 0.4 },
  'sink-statistics': { row: 'sink', what: 'stats-sink ÷ COPY, course_statistics', atLeast: 0.4 },
  'visible-p50': { row: 'visible', what: 'POST → visible statistic, p50 ms', atMost: 50 },
  'visible-p99': { row: 'visible', what: 'POST → visible statistic, p99 ms', atMost: 200 },
  'scale-out-cpu': { row: 'scale-out', what: 'two aggregators ÷ one, CPU per event', atMost: 1.1 },
};

/** How far above its bound a goal is (1: just met, 2: twice as good as asked for). */
const marginOf = ({ atLeast, atMost }, value) => (atLeast === undefined ? atMost / value : value / atLeast);

/**
 * @param values what was measured, one per run; undefined or empty: not measured
 * @returns the goal in words, the middle value, and whether the goal holds: yes, no, or not measured
 */
export const judged = (id, values) => {
  const goal = GOALS[id];
  const bound = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  const known = { id, row: goal.row, what: goal.what, goal: bound };
  if (values === undefined || values.length === 0) return { ...known, holds: 'not measured' };
  const middle = median(values);
  const margin = marginOf(goal, middle);
  return { ...known, values, median: middle, margin, holds: margin >= 1 ? 'yes' : 'no' };
};
