import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const BIN = new URL('../bin/reviews.mjs', import.meta.url).pathname;
let root: string;

/** A checkout with this Node as the packaged one, and a command of our own. */
const build = (main: string): void => {
  mkdirSync(join(root, 'dist', 'cli', 'src'), { recursive: true });
  writeFileSync(join(root, 'dist', 'cli', 'src', 'main.js'), main);
  symlinkSync(process.execPath, join(root, 'node_modules', '.bin', 'node'));
};

const run = (file: string, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

const outputOf = (child: ChildProcess): Promise<string> =>
  child.stdout === null ? Promise.resolve('') : text(child.stdout);

describe('the executable of the reviews command', () => {
  let bin: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'reviews-bin-'));
    mkdirSync(join(root, 'cli', 'bin'), { recursive: true });
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    bin = join(root, 'cli', 'bin', 'reviews.mjs');
    copyFileSync(BIN, bin);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('passes arguments on and the exit code back, through a link too', async () => {
    build('console.log(process.argv.slice(2).join()); process.exitCode = 2;');
    const link = join(root, 'node_modules', '.bin', 'reviews');
    symlinkSync(bin, link);
    for (const file of [bin, link]) {
      const child = run(file, 'stats', '--json');
      const ended = once(child, 'exit');
      expect(await outputOf(child)).toBe('stats,--json\n');
      expect(await ended).toEqual([2, null]);
    }
  });

  it('passes a signal on, and ends by it when the command does', async () => {
    build("console.log('up'); setInterval(() => undefined, 1000);");
    const child = run(bin);
    const ended = once(child, 'exit');
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('says in one sentence that nothing is built yet', async () => {
    const child = run(bin);
    const said = child.stderr === null ? '' : await text(child.stderr);
    expect(said).toContain('The reviews command is not built yet: run "npm start" once');
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1);
  });
});
