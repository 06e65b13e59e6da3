/** What a benchmark ran on. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { CHECKOUT, NODE } from '../lib/checkout.mjs';
import { loadBootstrap } from '../../dist/stack/src/bootstrap.js';

const KAFKA_VERSION = '4.3.1';

const said = (command, args) => {
  try {
    return execFileSync(command, args, {
      cwd: CHECKOUT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return 'unknown';
  }
};

const commitOf = () => {
  const commit = said('git', ['rev-parse', '--short', 'HEAD']).trim();
  const isChanged = said('git', ['status', '--porcelain', '--untracked-files=no']).trim() !== '';
  return isChanged ? `${commit} with changes` : commit;
};

export const machine = async () => {
  const [{ model } = { model: 'unknown' }] = cpus();
  const { javaCommand } = await loadBootstrap();
  return {
    cpu: model.trim(),
    cores: cpus().length,
    node: said(NODE, ['--version']).trim().replace(/^v/, ''),
    java: said(javaCommand(), ['--version']).split('\n')[0].trim(),
    kafka: KAFKA_VERSION,
    commit: commitOf(),
    startedAt: new Date().toISOString().slice(0, 16).replace('T', ' '),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
  };
};
