/**
 * `npm run bench:api`: what the API takes and gives on real parts of its own, each part beside a limit measured in the same
 * run where there is one.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { summarizeProfiles } from '../report/profile-summary.mjs';
import { importPart } from './import.mjs';
import { postPart } from './post.mjs';
import { sinkPart } from './sink.mjs';
import { statisticsPart } from './statistics.mjs';
import { visiblePart } from './visible.mjs';
import { startWorld } from './world.mjs';

/** By the names that `--only` knows. */
const PARTS = {
  post: postPart,
  statistics: statisticsPart,
  import: importPart,
  sink: sinkPart,
  visible: visiblePart,
};
const USAGE = `npm run bench:api -- [--only ${Object.keys(PARTS).join(',')}] [--runs 3] [--seconds 5] [--connections 50]
  [--rows 200000] [--courses 2000] [--sink-rows 100000] [--pairs 200] [--json FILE] [--profile DIR]\n`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '50' },
    rows: { type: 'string', default: '200000' },
    courses: { type: 'string', default: '2000' },
    'sink-rows': { type: 'string', default: '100000' },
    pairs: { type: 'string', default: '200' },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const parts = values.only.split(',');
const unknown = parts.filter((part) => PARTS[part] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`No part ${unknown.join(', ')}\n${USAGE}`);
  process.exit(2);
}
const { runs, seconds, connections, rows, courses, pairs, 'sink-rows': sinkRows } = values;
const options = Object.fromEntries(
  Object.entries({ runs, seconds, connections, rows, courses, sinkRows, pairs }).map(([name, text]) => [
    name,
    Number(text),
  ]),
);
const say = (line) => process.stdout.write(`${line}\n`);
const loadNow = () => loadavg()[0].toFixed(1);

const profile = values.profile === undefined ? undefined : resolve(values.profile);
if (profile !== undefined) await mkdir(profile, { recursive: true });
const starting = startWorld({ profile });
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    void starting.then((started) => started.stop()).finally(() => process.exit(1));
  });
const world = await starting;
try {
  const measured = {};
  say(`${cpus().length} cores, load ${loadNow()}, Node ${process.versions.node}`);
  for (const part of parts) {
    const loadBefore = loadNow();
    measured[part] = { loadBefore, ...(await PARTS[part]({ world, options, say })), loadAfter: loadNow() };
  }
  say('\n| what | min / median / max |\n| --- | --- |');
  for (const { table } of Object.values(measured))
    for (const [what, figures] of table) say(`| ${what} | ${figures} |`);
  const loads = Object.entries(measured).map(
    ([part, { loadBefore, loadAfter }]) => `${part} ${loadBefore} to ${loadAfter}`,
  );
  say(`\nLoad of the machine meanwhile: ${loads.join(', ')}.`);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ options, measured }, null, 2)}\n`);
} finally {
  await world.stop();
  if (profile !== undefined) summarizeProfiles(profile);
}
