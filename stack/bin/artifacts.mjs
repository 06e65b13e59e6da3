import { clearInterval, setInterval } from 'node:timers';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { kafkaPom } from './kafka-pom.mjs';
import { withLock } from './lock.mjs';
import { Refusal } from './refusal.mjs';
import { runCommand } from './run-command.mjs';

const STAMP = '.complete';
const MEASURE_EVERY_MS = 500;
// In full: an unversioned plugin would be whatever Maven finds newest that day.
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const REGISTRY_ARTIFACT = 'io.apicurio:apicurio-registry-app:2.6.13.Final:tar.gz:all';

/** What Maven brings. `aboutMegabytes` is what travels, plugin included; it only feeds the progress display. */
export const ARTIFACTS = {
  kafka: {
    title: 'Kafka 4.3.1',
    version: '4.3.1',
    aboutMegabytes: 66,
    mavenArguments(work) {
      writeFileSync(join(work, 'pom.xml'), kafkaPom('4.3.1'));
      const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`;
      return [
        '-f',
        join(work, 'pom.xml'),
        goal,
        '-DincludeScope=runtime',
        `-DoutputDirectory=${join(work, 'files')}`,
      ];
    },
  },
  'schema-registry': {
    title: 'schema registry 2.6.13',
    version: '2.6.13.Final',
    aboutMegabytes: 157,
    mavenArguments(work) {
      const goal = `${DEPENDENCY_PLUGIN}:unpack`;
      return [goal, `-Dartifact=${REGISTRY_ARTIFACT}`, `-DoutputDirectory=${join(work, 'files')}`];
    },
  },
};

export function defaultCacheDir(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'course-reviews');
}

function artifactDir(part, cacheDir) {
  return join(cacheDir, `${part}-${ARTIFACTS[part].version}`);
}

export function isInstalled(part, cacheDir) {
  return existsSync(join(artifactDir(part, cacheDir), STAMP));
}

/**
 * Makes sure the files of a part are in the cache and returns their directory. Two processes may ask at once: one
 * downloads, the other waits. A download that was cut off leaves a work directory, never a half-filled part.
 */
export async function installArtifact(part, { cacheDir, signal, report = () => undefined }) {
  const target = artifactDir(part, cacheDir);
  if (isInstalled(part, cacheDir)) return target;
  makeCacheDir(cacheDir);
  await withLock(`cache ${target}`, signal, async () => {
    if (isInstalled(part, cacheDir)) return;
    await download(part, target, { signal, report });
  });
  return target;
}

async function download(part, target, { signal, report }) {
  const work = `${target}.downloading`;
  for (const leftover of [work, target]) rmSync(leftover, { recursive: true, force: true });
  mkdirSync(join(work, 'files'), { recursive: true });
  const { title, aboutMegabytes, mavenArguments } = ARTIFACTS[part];
  // A Maven repository of its own: the user's may be in use by another Maven, which Maven 3 does not survive well.
  const repository = join(work, 'repository');
  const timer = setInterval(
    () => report(`${megabytesIn(repository)} of about ${aboutMegabytes} MB`),
    MEASURE_EVERY_MS,
  );
  try {
    const args = ['-B', '-q', `-Dmaven.repo.local=${repository}`, ...mavenArguments(work)];
    await runCommand('mvn', args, { cwd: work, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Refusal(
      'DOWNLOAD_FAILED',
      `${title} could not be downloaded with Maven: check the connection and ~/.m2/settings.xml, then start again. ${cause.message}`,
      { cause },
    );
  } finally {
    clearInterval(timer);
  }
  writeFileSync(join(work, 'files', STAMP), `${title}\n`);
  renameSync(join(work, 'files'), target);
  rmSync(work, { recursive: true, force: true });
}

function makeCacheDir(cacheDir) {
  try {
    mkdirSync(cacheDir, { recursive: true });
  } catch (cause) {
    throw new Refusal(
      'CACHE_NOT_WRITABLE',
      `The download directory ${cacheDir} cannot be written (${cause.code}): set XDG_CACHE_HOME to a directory that can.`,
      { cause },
    );
  }
}

function megabytesIn(directory) {
  return Math.round(bytesIn(directory) / 1e6);
}

/** Maven makes, renames and removes files while we look: what is gone counts nothing. */
function bytesIn(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  return namesIn(path).reduce((bytes, name) => bytes + bytesIn(join(path, name)), 0);
}

function namesIn(directory) {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
