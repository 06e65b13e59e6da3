import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Buildah } from './buildah.js';

const exec = promisify(execFile);

/** Builds the image of an app from the checkout, as `docker build` would, and never pulls anything. Returns its name. */
export const buildImage = async (buildah: Buildah, app: string): Promise<string> => {
  const image = `localhost/course-reviews/${app}:test`;
  const authority = await npmConfig('cafile');
  await buildah.run(
    ...['build', '--isolation', 'chroot', '--pull-never', '--format', 'docker', '--layers', '--quiet'],
    ...['--secret', `id=npmrc,src=${await npmSettings(buildah.directory)}`],
    // The settings name this file.
    ...(existsSync(authority) ? ['--volume', `${authority}:${authority}:ro`] : []),
    ...['--file', `deploy/${app}/Dockerfile`, '--tag', image, '.'],
  );
  return image;
};

/** This machine's npm settings in one file that only its owner reads. */
const npmSettings = async (directory: string): Promise<string> => {
  const files = [await npmConfig('globalconfig'), await npmConfig('userconfig')].filter(existsSync);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const settings = join(directory, 'npmrc');
  const registry = `registry=${await npmConfig('registry')}`;
  await writeFile(settings, [...texts, registry, ''].join('\n'), { mode: 0o600 });
  return settings;
};

export const npmConfig = async (key: string): Promise<string> =>
  (await exec('npm', ['config', 'get', key])).stdout.trim();
