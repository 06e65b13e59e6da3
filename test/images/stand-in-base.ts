import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imagesCache, type Buildah } from './buildah.js';

const SUITE = 'bookworm';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const exec = promisify(execFile);

/**
 * Imports a stand-in under the name of the images' base, for builds without an image registry: the same Debian from its
 * packages, this process's Node and this machine's npm in the places where the real one has them.
 */
export const importStandInBase = async (buildah: Buildah, image: string): Promise<void> => {
  const container = await buildah.run('from', 'scratch');
  await buildah.run('add', '--quiet', container, await debian(), '/');
  await buildah.run('copy', '--quiet', container, process.execPath, '/usr/local/bin/node');
  const packages = (await exec('npm', ['root', '--global'])).stdout.trim();
  await buildah.run('copy', '--quiet', container, join(packages, 'npm'), '/usr/local/lib/node_modules/npm');
  const npm = ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'];
  await buildah.run('run', '--isolation', 'chroot', container, '--', ...npm);
  await buildah.run('config', '--env', PATH, container);
  await buildah.run('commit', '--quiet', '--rm', container, image);
};

const debian = async (): Promise<string> => {
  const cache = await imagesCache();
  const archive = join(cache, `${SUITE}.tar`);
  if (existsSync(archive)) return archive;
  const work = await mkdtemp(join(cache, 'debootstrap-'));
  try {
    await bootstrapInto(join(work, 'root'));
    await exec('tar', ['--create', '--file', join(work, 'archive'), '--directory', join(work, 'root'), '.']);
    // Renamed, so that one that was cut off is never taken for whole.
    await rename(join(work, 'archive'), archive);
  } finally {
    await rm(work, { recursive: true });
  }
  return archive;
};

const bootstrapInto = async (root: string): Promise<void> => {
  const mirror = await aptMirror();
  const options = ['--variant=minbase', '--include=ca-certificates'];
  await exec('debootstrap', [...options, SUITE, root, ...(mirror === undefined ? [] : [mirror])]);
};

/** Where this machine gets the suite from; undefined: debootstrap's own default. */
const aptMirror = async (): Promise<string | undefined> => {
  const { stdout } = await exec('apt-get', ['indextargets', '--format', '$(CODENAME) $(REPO_URI)']);
  return stdout
    .split('\n')
    .find((line) => line.startsWith(`${SUITE} `))
    ?.split(' ')[1];
};
