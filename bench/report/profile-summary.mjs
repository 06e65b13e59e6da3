/** Where the time of a CPU profile went: the functions in which most of it was spent, themselves alone. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FUNCTIONS = 40;

const nameOf = ({ functionName, url, lineNumber }) => {
  const file = url.replace(/^.*\/(node_modules|dist)\//, '').replace('file://', '');
  return `${functionName || '(anonymous)'} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`.trim();
};

/** @returns names with their share of all samples' time, most first */
const selfTimes = ({ nodes, samples, timeDeltas }) => {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map();
  let whole = 0;
  samples.forEach((id, index) => {
    const name = names.get(id);
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index]);
    whole += timeDeltas[index];
  });
  return [...times]
    .map(([name, time]) => ({ name, share: time / whole, ms: time / 1_000 }))
    .sort((a, b) => b.ms - a.ms);
};

/** Writes a text file beside each profile of a directory. */
export const summarizeProfiles = (directory) => {
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
    const path = join(directory, file);
    const lines = selfTimes(JSON.parse(readFileSync(path, 'utf8')))
      .slice(0, FUNCTIONS)
      .map(
        ({ name, share, ms }) =>
          `${(share * 100).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(7)} ms  ${name}`,
      );
    writeFileSync(path.replace(/\.cpuprofile$/, '.txt'), `${lines.join('\n')}\n`);
  }
};
