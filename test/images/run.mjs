/**
 * `npm run test:images`: builds every image of deploy/ and starts what is in it. Where that cannot be, it says why and is
 * no failure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildIsCurrent } from '../../stack/bin/build.mjs';
import { installPackages, packagesAreInstalled } from '../../stack/bin/packages.mjs';
import { whyNoImages } from './why-not.mjs';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stop = new AbortController();
let running;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stop.abort();
    running?.kill(signal);
  });

async function runSuite() {
  if (!packagesAreInstalled(checkout)) await installPackages(checkout, stop.signal);
  if (!buildIsCurrent(checkout)) await build(checkout, stop.signal);
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const args = [...jest, '--config', 'test/images/jest.config.mjs', ...process.argv.slice(2)];
  running = spawn(join(checkout, 'node_modules', '.bin', 'node'), args, { cwd: checkout, stdio: 'inherit' });
  const [code] = await once(running, 'exit');
  return code ?? 1;
}

const reason = whyNoImages();
if (reason === undefined) process.exitCode = await runSuite();
else process.stdout.write(`\nSKIPPED: no image was built or started here: ${reason}\n`);
