import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { isInstalled } from './artifacts.mjs';
import { javaCommand, javaMajorOf } from './java.mjs';
import { Refusal } from './refusal.mjs';
import { nearestExisting } from './state-dir.mjs';

const NEEDED_JAVA = 17;
const NEEDED_FREE_BYTES = 2 * 1024 ** 3;

/** Everything that would stop the start later on, said before anything is downloaded, built or started. */
export function checkMachine({ env, checkout, stateDir, cacheDir }) {
  checkNode(process.versions.node);
  checkPlatform(env);
  const fromMaven = [
    ...(env.KAFKA_BROKERS ? [] : ['kafka']),
    ...(env.SCHEMA_REGISTRY_URL ? [] : ['schema-registry']),
  ];
  if (fromMaven.length > 0) checkJava(env);
  const missing = fromMaven.filter((part) => !isInstalled(part, cacheDir));
  if (missing.length > 0) checkMaven(env);
  checkWritable(checkout, 'The checkout');
  checkDisk(stateDir, 'REVIEWS_STATE_DIR');
  if (missing.length > 0) checkDisk(cacheDir, 'XDG_CACHE_HOME');
}

function checkNode(version) {
  if (Number(version.split('.')[0]) >= 20) return;
  throw new Refusal('NODE_TOO_OLD', `Node.js ${version} is too old: install Node.js 20 or newer.`);
}

function checkPlatform(env) {
  if (process.platform !== 'linux') {
    throw new Refusal(
      'PLATFORM',
      `Course Reviews starts on Linux only so far, this is ${process.platform}: use a Linux machine or container.`,
    );
  }
  if (process.arch !== 'x64' && !env.DATABASE_URL) {
    throw new Refusal(
      'PLATFORM',
      `The embedded PostgreSQL is for x64 processors only, this is ${process.arch}: set DATABASE_URL to a PostgreSQL 18 of yours.`,
    );
  }
}

function checkJava(env) {
  const { error, stdout, stderr } = spawnSync(javaCommand(env), ['-version'], { env, encoding: 'utf8' });
  if (error !== undefined) {
    throw new Refusal(
      'JAVA_MISSING',
      `Java is missing (${error.code}): install Java ${NEEDED_JAVA} or newer (Debian: apt install openjdk-17-jre-headless).`,
    );
  }
  const major = javaMajorOf(`${stderr}${stdout}`);
  if (major !== undefined && major >= NEEDED_JAVA) return;
  throw new Refusal(
    'JAVA_TOO_OLD',
    `Java ${major ?? 'of an unknown version'} is found first, Kafka needs ${NEEDED_JAVA} or newer: install it, or let JAVA_HOME point to it.`,
  );
}

function checkMaven(env) {
  const { error } = spawnSync('mvn', ['-v'], { env });
  if (error === undefined) return;
  throw new Refusal(
    'MAVEN_MISSING',
    `Maven is missing (${error.code}); it downloads Kafka and the schema registry: install it (Debian: apt install maven).`,
  );
}

function checkWritable(directory, what) {
  try {
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    throw new Refusal(
      'NOT_WRITABLE',
      `${what} ${directory} cannot be written (${cause.code}): it is where packages and the build go; give this user the right to.`,
      { cause },
    );
  }
}

function checkDisk(directory, variable) {
  const existing = nearestExisting(directory);
  const { bavail, bsize } = statfsSync(existing);
  const freeBytes = bavail * bsize;
  if (freeBytes >= NEEDED_FREE_BYTES) return;
  throw new Refusal(
    'DISK_FULL',
    `Only ${Math.floor(freeBytes / 1024 ** 2)} MB are free at ${existing}, 2048 MB are needed: make room, or set ${variable} to a directory on another disk.`,
  );
}

/** Only asked before long work: the launcher itself looks again, at every port. */
export async function checkPort(env) {
  const port = Number(env.PORT || 3000);
  const server = createServer();
  try {
    server.listen(port, env.HOST || '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') return;
    throw new Refusal(
      'PORT_IN_USE',
      `Port ${port} is already in use: stop what uses it (npm run status says if it is Course Reviews), or set PORT to another one.`,
    );
  } finally {
    server.close();
  }
}
