/** Many seeds over a few processes. */
import { fork } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
/** A seed takes a fiftieth of a second: one that takes this long never ends. */
const SEED_LIMIT_MS = 120_000;

/**
 * Runs seeds until the verdict on one is bad.
 *
 * @param {{ from: number, seeds: number, workers: number, rule?: string, trace?: boolean, onVerdict(verdict: object): void, isBad(verdict: object): boolean }} options
 * @returns the verdict that is bad, if one is
 */
export async function runCampaign({ from, seeds, workers, rule, trace = false, onVerdict, isBad }) {
  let next = from;
  let failed;
  const runWorker = () =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, ...(rule === undefined ? {} : { BROKEN_RULE: rule }) };
      const worker = fork(WORKER, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      let current;
      let limit;
      const give = () => {
        clearTimeout(limit);
        if (failed !== undefined || next >= from + seeds) {
          worker.disconnect();
          return;
        }
        current = next++;
        limit = setTimeout(() => {
          failed ??= { seed: current, wrong: [], late: [`seed ${current}: does not end`], faults: {} };
          worker.kill('SIGKILL');
        }, SEED_LIMIT_MS);
        worker.send({ seed: current, trace });
      };
      worker.on('message', (message) => {
        if (message.wrong !== undefined) {
          onVerdict(message);
          // The lowest one, whichever worker was faster.
          if (isBad(message) && !(failed?.seed < message.seed)) failed = message;
        }
        give();
      });
      worker.on('exit', (code) => {
        clearTimeout(limit);
        if (code === 0 || failed !== undefined) resolve();
        else reject(new Error(`A worker ended with ${code} at seed ${current}`));
      });
    });
  await Promise.all(Array.from({ length: workers }, runWorker));
  return failed;
}
