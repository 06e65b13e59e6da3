/** What `npm run bench` is told on its command line. */
import { parseArgs } from 'node:util';

const DEFAULTS = { runs: '3', events: '4000000', courses: '10000', peers: 'all', scale: '1' };
/** However small the scale: less would be over before it was looked at. */
const LEAST = 1_000;
const PEERS = ['all', 'best', 'none'];

export const usageOf = (rows) => `npm run bench -- [options]

  --only ROWS      which rows, with commas: ${rows.join(',')}
  --runs N         runs of each measurement (${DEFAULTS.runs})
  --events N       events of the row aggregator (${DEFAULTS.events})
  --courses N      courses of the rows aggregator, hot and scale-out (${DEFAULTS.courses})
  --scale F        sizes of all other rows, times F: smaller than 1 to see that everything works (${DEFAULTS.scale})
  --peers WHICH    all, best (without the textbook one, which is slow), or none (${DEFAULTS.peers})
  --profile DIR    leave a CPU profile and a heap summary per service; what is profiled is slower
  --out DIR        report.md, report.json and chart.svg go there (bench-results)
  --json FILE      the report as JSON, too
`;

class UsageError extends Error {
  code = 'USAGE';
}

const countOf = (name, text) => {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new UsageError(`--${name} must be a number from 1, not ${text}`);
  return count;
};

/** @throws UsageError with code USAGE */
export const parseOptions = (args, rows) => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: rows.join(',') },
      runs: { type: 'string', default: DEFAULTS.runs },
      events: { type: 'string', default: DEFAULTS.events },
      courses: { type: 'string', default: DEFAULTS.courses },
      scale: { type: 'string', default: DEFAULTS.scale },
      peers: { type: 'string', default: DEFAULTS.peers },
      profile: { type: 'string' },
      out: { type: 'string', default: 'bench-results' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',');
  const unknown = only.filter((row) => !rows.includes(row));
  if (unknown.length > 0) throw new UsageError(`No row ${unknown.join(', ')}`);
  if (!PEERS.includes(values.peers)) throw new UsageError(`--peers is one of ${PEERS.join(', ')}`);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1))
    throw new UsageError(`--scale is more than 0 and at most 1, not ${values.scale}`);
  const counts = ['runs', 'events', 'courses'].map((name) => [name, countOf(name, values[name])]);
  /** The size of a row, at this scale. */
  const sized = (size) => Math.max(LEAST, Math.round(size * scale));
  return { ...values, only, ...Object.fromEntries(counts), sized };
};
