import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'stack/src', 'cli/src'];
const SETTINGS = [
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Whether dist/ is the build of the sources as they are now. */
export function buildIsCurrent(checkout) {
  const stamp = stampFile(checkout);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(checkout);
}

export async function build(checkout, signal) {
  const built = fingerprint(checkout);
  const startedAtMs = Date.now();
  // Without the stamp a build that is cut off is done again.
  rmSync(stampFile(checkout), { force: true });
  await runCommand('npm', ['run', '--silent', 'build'], { cwd: checkout, signal });
  removeOutputOlderThan(join(checkout, 'dist'), startedAtMs);
  mkdirSync(join(checkout, 'dist'), { recursive: true });
  writeFileSync(stampFile(checkout), built);
}

/**
 * The compiler writes every output anew, so an older one belongs to a source that is gone. It goes after the build and
 * not before: a stack that runs from this checkout may have to start a service again at any moment.
 */
function removeOutputOlderThan(dist, timeMs) {
  for (const file of filesBelow(dist)) {
    if (/\.js(\.map)?$/.test(file) && statSync(file).mtimeMs < timeMs - 1_000) rmSync(file);
  }
}

function fingerprint(checkout) {
  const hash = createHash('sha256');
  const sources = SOURCE_FOLDERS.flatMap((folder) => filesBelow(join(checkout, folder)));
  const settings = SETTINGS.map((file) => join(checkout, file)).filter((file) => existsSync(file));
  for (const file of [...settings, ...sources.filter((source) => !source.endsWith('.spec.ts'))].sort()) {
    hash
      .update(`${file.slice(checkout.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function stampFile(checkout) {
  return join(checkout, 'dist', '.course-reviews-sources');
}
