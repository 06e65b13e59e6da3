/** `npm run bench`: what the product exists for, measured beside what a user would pick instead, in one run on one machine. */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from './lib/servers.mjs';
import { aggregatorRow } from './rows/aggregator.mjs';

const ROWS = { aggregator: aggregatorRow };

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(ROWS).join(',') },
    runs: { type: 'string', default: '3' },
    events: { type: 'string', default: '4000000' },
    courses: { type: 'string', default: '10000' },
    profile: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const [runs, events, courses] = ['runs', 'events', 'courses'].map((name) => Number(values[name]));
const profile = values.profile === undefined ? undefined : resolve(values.profile);
if (profile !== undefined) mkdirSync(profile, { recursive: true });

const servers = await startServers(['kafka', 'registry']);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
try {
  const measured = {};
  for (const row of values.only.split(',')) {
    const loadBefore = loadavg()[0];
    measured[row] = {
      loadBefore,
      ...(await ROWS[row]({ servers, say }, { runs, events, courses, profile })),
      loadAfter: loadavg()[0],
    };
    say(`${row}: load ${loadBefore.toFixed(1)} to ${measured[row].loadAfter.toFixed(1)}`);
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
} finally {
  await servers.stop();
}
