#!/usr/bin/env node
// Runs the built command on the Node this product brings: any Node 20 will do to get here.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))));
const node = join(root, 'node_modules', '.bin', 'node');
const main = join(root, 'dist', 'cli', 'src', 'main.js');

if (existsSync(node) && existsSync(main)) {
  const args = [
    '--enable-source-maps',
    '--disable-warning=TimeoutNegativeWarning',
    main,
    ...process.argv.slice(2),
  ];
  const child = spawn(node, args, { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
} else {
  process.stderr.write(`The reviews command is not built yet: run "npm start" once in ${root}.\n`);
  process.exitCode = 1;
}
