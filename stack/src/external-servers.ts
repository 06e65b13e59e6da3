import { setTimeout as sleep } from 'node:timers/promises';
import { type ExternalServer } from './infrastructure.js';
import { StackError } from './stack-error.js';

const LOOK_AGAIN_MS = 250;
const PATIENCE_MS = 60_000;

/** Waits for a server the user runs. Its address stays out of the message: a URL may carry a password. */
export async function waitForExternal(
  { variable, answers }: ExternalServer,
  signal: AbortSignal,
): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!(await answers())) {
    if (Date.now() > deadlineMs) {
      throw new StackError(
        'PART_NOT_READY',
        `What ${variable} points to did not answer within ${PATIENCE_MS / 1_000} s: start it, correct ${variable}, or unset it to use the embedded one.`,
      );
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}
