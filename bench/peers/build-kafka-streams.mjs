/** Builds the Kafka Streams peer with Maven, once for each state of its sources, outside the checkout. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultCacheDir } from '../../stack/bin/artifacts.mjs';
import { withLock } from '../../stack/bin/lock.mjs';
import { runCommand } from '../../stack/bin/run-command.mjs';

const PROJECT = fileURLToPath(new URL('kafka-streams/', import.meta.url));
/** The peer carries the product's schemas, so they are sources, too. */
const SCHEMAS = fileURLToPath(new URL('../../libs/contracts/schemas/', import.meta.url));
const HASH_LENGTH = 16;
const JAR = 'kafka-streams-peer.jar';

/**
 * @param options.cacheDir where jars are kept. Default: $XDG_CACHE_HOME/course-reviews
 * @param options.signal ends the build
 * @returns the class path to start the peer with
 */
export const buildKafkaStreamsPeer = async ({
  cacheDir = defaultCacheDir(),
  signal = new AbortController().signal,
} = {}) => {
  const target = join(cacheDir, `kafka-streams-peer-${await hashOfSources()}`);
  const classPath = [join(target, JAR), join(target, 'jars', '*')].join(':');
  if (existsSync(target)) return classPath;
  await mkdir(cacheDir, { recursive: true });
  await withLock(`cache ${target}`, signal, async () => {
    if (!existsSync(target)) await build(target, signal);
  });
  return classPath;
};

const build = async (target, signal) => {
  const work = `${target}.building`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'target'), { recursive: true });
  // A Maven repository of its own: the user's may be in use by another Maven, which Maven 3 does not survive well.
  const places = [
    `-Dmaven.repo.local=${join(work, 'repository')}`,
    `-Dpeer.build.directory=${join(work, 'target')}`,
  ];
  await runCommand(
    'mvn',
    ['-B', '-q', '-f', join(PROJECT, 'pom.xml'), ...places, '-Dmaven.test.skip=true', 'package'],
    {
      cwd: work,
      signal,
    },
  );
  // Whatever is at the target is whole.
  await rename(join(work, 'target'), target);
  await rm(work, { recursive: true, force: true });
};

const hashOfSources = async () => {
  const hash = createHash('sha256');
  for (const directory of [PROJECT, SCHEMAS])
    for (const file of (await filesIn(directory)).toSorted())
      hash.update(`${file.slice(directory.length)}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, HASH_LENGTH);
};

const filesIn = async (directory) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
};
