import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Whether node_modules holds what package-lock.json asks for. */
export function packagesAreInstalled(checkout) {
  const stamp = stampFile(checkout);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockHash(checkout);
  return installedByHand(checkout);
}

export async function installPackages(checkout, signal) {
  // npm replaces the whole of node_modules, Node 24 included: it must run on the Node from outside.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.endsWith(join('node_modules', '.bin')));
  const env = { ...process.env, PATH: path.join(delimiter) };
  // --include=dev: the build needs its compiler also where NODE_ENV says production.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runCommand('npm', args, { cwd: checkout, env, signal });
  writeFileSync(stampFile(checkout), lockHash(checkout));
}

/** Somebody ran `npm ci` already: npm writes its own record last, so one newer than the lock file is complete. */
function installedByHand(checkout) {
  const record = join(checkout, 'node_modules', '.package-lock.json');
  const tools = ['node', 'nest'].map((name) => join(checkout, 'node_modules', '.bin', name));
  if (![record, ...tools].every((file) => existsSync(file))) return false;
  return statSync(record).mtimeMs >= statSync(join(checkout, 'package-lock.json')).mtimeMs;
}

function stampFile(checkout) {
  return join(checkout, 'node_modules', '.course-reviews-lock');
}

function lockHash(checkout) {
  return createHash('sha256')
    .update(readFileSync(join(checkout, 'package-lock.json')))
    .digest('hex');
}
