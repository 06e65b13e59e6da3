import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const PATIENCE_MS = 60_000;

describe('npm start refuses in one sentence, and starts nothing:', () => {
  let directory: string;
  let taken: Server;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'reviews-refusals-'));
    chmodSync(directory, 0o711);
    taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  });

  afterAll(() => {
    taken.close();
    rmSync(directory, { recursive: true });
  });

  /** A PATH with these programs and no others; a text is the script that stands for one. */
  const pathWith = (name: string, programs: Readonly<Record<string, string>>): string => {
    const bin = join(directory, name);
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    for (const [program, script] of Object.entries(programs))
      writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return bin;
  };

  const java = (version: string): string => `echo 'openjdk version "${version}"' >&2`;

  const start = (env: Readonly<Record<string, string>>) => {
    const stateDir = env['REVIEWS_STATE_DIR'] ?? join(directory, 'state');
    const { status, stderr } = spawnSync(process.execPath, ['stack/bin/start.mjs'], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        JAVA_HOME: '',
        PORT: '3999',
        REVIEWS_STATE_DIR: stateDir,
        ...env,
      },
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    expect(existsSync(join(stateDir, 'run.json'))).toBe(false);
    return { status, sentence: stderr.trim() };
  };

  it.each([
    ['Java is missing', () => ({ PATH: pathWith('no-java', {}) }), 'Java is missing', 1],
    [
      'Java is too old',
      () => ({ PATH: pathWith('old-java', { java: java('11.0.2') }) }),
      'Java 11 is found',
      1,
    ],
    [
      'Maven is missing and something has to be downloaded',
      () => ({
        PATH: pathWith('no-maven', { java: java('17.0.2') }),
        XDG_CACHE_HOME: join(directory, 'empty-cache'),
      }),
      'Maven is missing',
      1,
    ],
    [
      'the port is taken',
      () => ({ PORT: String((taken.address() as AddressInfo).port) }),
      'is already in use',
      1,
    ],
    ['the disk is full', () => ({ REVIEWS_STATE_DIR: '/proc/reviews' }), 'Only 0 MB are free at /proc', 1],
    [
      'the state directory cannot be made',
      () => {
        writeFileSync(join(directory, 'file'), '');
        return { REVIEWS_STATE_DIR: join(directory, 'file', 'state') };
      },
      join('file', 'state'),
      1,
    ],
    ['an option is wrong', () => ({ FRAUD_PERCENT: '101' }), 'FRAUD_PERCENT', 2],
  ] as const)('%s', (_what, environment, sentence, exitCode) => {
    const refusal = start(environment());
    expect(refusal.sentence).toContain(sentence);
    expect(refusal.sentence.split('\n')).toHaveLength(1);
    expect(refusal.status).toBe(exitCode);
  });
});
