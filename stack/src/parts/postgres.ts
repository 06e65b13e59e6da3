import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { loadBootstrap } from '../bootstrap.js';
import { type Part, type StartedPart, startPart } from '../part.js';
import { commandLineOf } from '../proc.js';
import { runToEnd } from '../run-to-end.js';
import { type ProcessSpec, sendSignal } from '../running-process.js';
import { installPostgres } from './postgres-binaries.js';

export const POSTGRES_DIRECTORY = 'postgres-18';
const DATABASE = 'reviews';
const PATIENCE_MS = 2_000;
const NO_SUCH_DATABASE = '3D000';
// "nobody" on Debian. PostgreSQL refuses to run as root.
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

export interface PostgresOptions {
  /** PostgreSQL's own data directory. As root, every directory above it must let others pass. */
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** Where the programs are copied to. Default: $XDG_CACHE_HOME/course-reviews; as root /var/lib/course-reviews. */
  readonly cacheDir?: string;
  /** Environment of the process. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a PostgreSQL with an empty or kept database `reviews`. */
export async function startPostgres(options: PostgresOptions): Promise<StartedPart> {
  return startPart(await postgresPart(options));
}

export function postgresUrl({ port, password }: Pick<PostgresOptions, 'port' | 'password'>): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`;
}

export async function postgresPart(options: PostgresOptions): Promise<Part> {
  const isRoot = process.getuid?.() === 0;
  const cacheDir = isRoot
    ? '/var/lib/course-reviews'
    : (options.cacheDir ?? (await loadBootstrap()).defaultCacheDir());
  const { dataDir, port } = options;
  let bin = '';

  const run = (program: string, args: readonly string[]): ProcessSpec => ({
    command: join(bin, program),
    args,
    cwd: dataDir,
    env: { ...(options.env ?? process.env), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    runAs: isRoot ? ownerOf(dataDir) : undefined,
  });

  return {
    name: 'postgres',
    title: 'PostgreSQL 18.4',
    address: `127.0.0.1:${port}`,
    logFile: options.logFile,
    // SIGTERM would wait for clients to leave; SIGINT disconnects them.
    stopSignal: 'SIGINT',
    async prepare(signal) {
      bin = join(installPostgres(cacheDir), 'bin');
      if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialize(options, run, signal);
      removeStalePidFile(dataDir);
    },
    processSpec: () =>
      run('postgres', [
        ...['-D', dataDir, '-p', String(port)],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'wal_level=logical'],
        ...['-c', 'log_line_prefix=%m [%p] '],
      ]),
    isReady: () => databaseIsReady(postgresUrl(options)),
  };
}

/** Fills a directory beside the real one and renames it: one that was cut off is never taken for a database. */
async function initialize(
  options: PostgresOptions,
  run: (program: string, args: readonly string[]) => ProcessSpec,
  signal: AbortSignal,
): Promise<void> {
  const { dataDir, password } = options;
  const unfinished = `${dataDir}.initializing`;
  const passwordFile = `${dataDir}.initial-password`;
  for (const leftover of [dataDir, unfinished, passwordFile])
    rmSync(leftover, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const owner = process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
  if (owner !== undefined) {
    for (const path of [unfinished, passwordFile]) chownSync(path, owner.uid, owner.gid);
  }
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8'];
  const login = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await runToEnd(
      { ...run('initdb', ['-D', unfinished, ...login, ...locale]), cwd: unfinished, runAs: owner },
      signal,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, dataDir);
}

/** A state made by another user and now started by root goes on as that user's. */
function ownerOf(dataDir: string): { uid: number; gid: number } {
  if (!existsSync(dataDir)) return UNPRIVILEGED;
  const { uid, gid } = statSync(dataDir);
  return uid === 0 ? UNPRIVILEGED : { uid, gid };
}

/**
 * A server that was killed leaves its process id in its directory. When the number has gone to another process of the
 * same user since then, PostgreSQL would take that one for itself and refuse to start.
 */
function removeStalePidFile(dataDir: string): void {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (commandLineOf(pid).includes(dataDir)) sendSignal(pid, 'SIGINT');
  else rmSync(pidFile);
}

/** Whether the database of this URL answers a query. */
export async function databaseAnswers(url: string): Promise<boolean> {
  return (await databaseState(url)) === 'answers';
}

/** A new server has no database of ours yet: it is made at the first look, and found at a later one. */
async function databaseIsReady(url: string): Promise<boolean> {
  const state = await databaseState(url);
  if (state === 'missing') await createDatabase(url);
  return state === 'answers';
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  try {
    await query(server.href, `CREATE DATABASE ${DATABASE}`);
  } catch {
    // The server went away meanwhile; the next look finds out and tries again.
  }
}

async function databaseState(url: string): Promise<'answers' | 'missing' | 'silent'> {
  try {
    await query(url, 'SELECT 1');
    return 'answers';
  } catch (error) {
    return (error as { code?: string }).code === NO_SUCH_DATABASE ? 'missing' : 'silent';
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS * 5,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
