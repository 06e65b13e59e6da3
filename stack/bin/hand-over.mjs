import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Goes on with the built launcher, on the Node 24 of node_modules. Started by npm this process is that Node already;
 * the very first start is not, and keeps the launcher as a child.
 */
export async function handOver(checkout) {
  const main = join(checkout, 'dist', 'stack', 'src', 'main.js');
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    await import(pathToFileURL(main).href);
    return;
  }
  // The channel closes when this process dies, however it dies: the launcher then stops its stack, too.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(join(checkout, 'node_modules', '.bin', 'node'), [main], { cwd: checkout, stdio });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  const [exitCode] = await once(child, 'exit');
  process.exitCode = exitCode ?? 1;
}
