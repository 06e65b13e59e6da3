/** `npm run bench`, on the Node that its services run on: started by npm it is that already, started by hand it may be another. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE } from './lib/checkout.mjs';

const OLDEST_NODE = 24;

const handOver = async () => {
  const main = fileURLToPath(new URL('bench.mjs', import.meta.url));
  const child = spawn(NODE, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const [exitCode] = await once(child, 'exit');
  process.exitCode = exitCode ?? 1;
};

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) await import('./bench.mjs');
else await handOver();
