/** `npm run status [-- --json]`: what runs, where, since when. Exit code 0 when the stack is ready, 1 when it is not. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findStateDir } from './state-dir.mjs';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { stateDir } = findStateDir(checkout);
const run = readRunFile(join(stateDir, 'run.json'));
const phase = run === undefined || !isAlive(run) ? 'stopped' : run.phase;
const parts = (run?.parts ?? []).map((part) => ({ ...part, running: phase !== 'stopped' && isAlive(part) }));

process.stdout.on('error', () => undefined);
process.stdout.write(process.argv.includes('--json') ? asJson() : asText());
process.exitCode = phase === 'running' ? 0 : 1;

function asJson() {
  const status = phase === 'stopped' ? { phase, stateDir } : { ...run, phase, parts };
  return `${JSON.stringify(status, null, 2)}\n`;
}

function asText() {
  if (phase === 'stopped') {
    return `Course Reviews does not run (state: ${stateDir}). Start it with: npm start\n`;
  }
  const rows = parts.map((part) => [
    part.name,
    part.running ? 'running' : 'down',
    String(part.pid),
    part.startedAt,
    String(part.restarts),
    part.address,
    part.logFile,
  ]);
  return [
    `Course Reviews is ${phase === 'running' ? 'ready' : phase}: ${run.url} (pid ${run.pid}, since ${run.startedAt})`,
    '',
    ...table([['part', 'state', 'pid', 'since', 'restarts', 'address', 'log'], ...rows]),
    '',
    `Kafka            ${run.kafkaBrokers}`,
    `Schema registry  ${run.schemaRegistryUrl}`,
    `SQL              ${run.databaseUrl}`,
    `State            ${run.stateDir}`,
    '',
  ].join('\n');
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd(),
  );
}

function readRunFile(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A process id alone proves nothing: after a crash the number may belong to somebody else. */
function isAlive({ pid, processStartTime }) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && Number(fields[19]) === processStartTime;
  } catch {
    // No such process.
    return false;
  }
}
