import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadBootstrap } from '../../stack/src/bootstrap.js';

const run = promisify(execFile);
const FILES = dirname(fileURLToPath(import.meta.url));
const PYTHON = 'python3';
const IS_NEW_ENOUGH = 'import sys, venv; sys.exit(sys.version_info < (3, 11))';
const INSTALL_LIMIT_MS = 300_000;

/** Everything that can be wrong with an answer, without accounts and without a memory of earlier requests. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'positive_data_acceptance',
  'missing_required_header',
  'unsupported_method',
  'allow_header_conformance',
];

/** What is asked of a running API. */
export interface ContractRun {
  readonly url: string;
  /** Requests of generated data per operation, at most; examples and edges come on top. */
  readonly maxExamples: number;
  readonly seed: number;
  /** A review that there is, and where the command stands that it comes from. */
  readonly courseId: string;
  readonly userId: string;
  readonly position: string;
}

export interface ContractReport {
  readonly exitCode: number | null;
  /** What schemathesis says of itself, for people. */
  readonly output: string;
  /** Requests by operation and status of the answer, for example `GET /v1/courses 200`. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Why schemathesis cannot run here; undefined when it can. */
export const whyNoSchemathesis = async (): Promise<string | undefined> => {
  try {
    await run(PYTHON, ['-c', IS_NEW_ENOUGH]);
    return undefined;
  } catch {
    return `${PYTHON} 3.11 or newer with venv is needed`;
  }
};

/** Walks every path of the API's document with generated requests, valid and invalid. */
export const runContract = async (asked: ContractRun): Promise<ContractReport> => {
  const python = await installedPython();
  const directory = await mkdtemp(join(tmpdir(), 'reviews-contract-'));
  const report = join(directory, 'answers.json');
  const args = [
    ...['-m', 'schemathesis.cli', 'run', `${asked.url}/openapi.json`, '--no-color'],
    ...['--phases', 'examples,coverage,fuzzing', '--checks', CHECKS.join(','), '--mode', 'all'],
    // One at a time: the compiler of Python 3.11 does not stand two threads, and the same requests come in the same order.
    ...['--max-examples', String(asked.maxExamples), '--seed', String(asked.seed), '--workers', '1'],
    // Streams never end: test/live.e2e-spec.ts follows them.
    ...['--exclude-path-regex', '/events$', '--continue-on-failure', '--no-shrink'],
    ...['--generation-database', 'none', '--suppress-health-check', 'all', '--request-timeout', '10'],
  ];
  const child = spawn(python, args, {
    cwd: directory,
    env: {
      ...process.env,
      SCHEMATHESIS_HOOKS: 'hooks',
      PYTHONPATH: FILES,
      PYTHONHASHSEED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
      CONTRACT_REPORT: report,
      CONTRACT_COURSE: asked.courseId,
      CONTRACT_USER: asked.userId,
      CONTRACT_POSITION: asked.position,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const answers = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as ContractReport['answers'];
  await rm(directory, { recursive: true });
  return { exitCode, output, answers };
};

/** A Python that has what requirements.txt names, made once per version and shared by all checkouts. */
const installedPython = async (): Promise<string> => {
  const requirements = join(FILES, 'requirements.txt');
  const version = /^schemathesis==(\S+)/m.exec(await readFile(requirements, 'utf8'))?.[1];
  if (version === undefined) throw new Error('requirements.txt names no schemathesis');
  const bootstrap = await loadBootstrap();
  const directory = join(bootstrap.defaultCacheDir(), `schemathesis-${version}`);
  const pythonIn = (place: string): string => join(place, 'bin', 'python');
  if (await exists(directory)) return pythonIn(directory);
  // Renamed when it is whole, so that nobody finds half of it.
  const making = `${directory}.${process.pid}`;
  const timeout = INSTALL_LIMIT_MS;
  try {
    await run(PYTHON, ['-m', 'venv', making], { timeout });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
    await run(pythonIn(making), [...pip, '--no-deps', '-r', requirements], { timeout });
    await rename(making, directory);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!(await exists(directory))) throw error;
  }
  return pythonIn(directory);
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
