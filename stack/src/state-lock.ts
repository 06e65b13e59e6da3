import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunPhase } from './run-file.js';
import { StackError } from './stack-error.js';

const LOOK_AGAIN_MS = 200;
const ANSWER_WITHIN_MS = 2_000;

/** What the launcher that holds a state tells another one that wants it. */
export interface StateHolder {
  readonly pid: number;
  readonly url: string;
  readonly phase: RunPhase;
}

/**
 * Makes this process the only one on a state directory, until it ends. The lock is an abstract unix socket of Linux:
 * it lives in the kernel and is gone the moment its holder dies, however it dies, so there is no stale lock.
 * A holder that is stopping is waited for; any other is a reason to refuse.
 */
export async function lockState(
  stateDir: string,
  describe: () => StateHolder,
  options: { readonly signal: AbortSignal; readonly onWait: (holder: StateHolder) => void },
): Promise<void> {
  const name = `\0course-reviews-state-${createHash('sha256').update(stateDir).digest('hex').slice(0, 32)}`;
  let waiting = false;
  while (!(await tryHold(name, describe))) {
    const holder = await askHolder(name);
    // Nobody answers: the holder ended between the two calls, or is ending now.
    if (holder !== undefined && holder.phase !== 'stopping') {
      throw new StackError(
        'ALREADY_RUNNING',
        `Course Reviews already runs on ${stateDir} (pid ${holder.pid}, ${holder.url}): use that one, or set REVIEWS_STATE_DIR and PORT to start another.`,
      );
    }
    if (holder !== undefined && !waiting) {
      waiting = true;
      options.onWait(holder);
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal: options.signal });
  }
}

async function tryHold(name: string, describe: () => StateHolder): Promise<boolean> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(describe()));
  });
  try {
    server.listen(name);
    await once(server, 'listening');
    server.unref();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

async function askHolder(name: string): Promise<StateHolder | undefined> {
  const socket = connect(name);
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
  try {
    return JSON.parse(await text(socket)) as StateHolder;
  } catch {
    return undefined;
  }
}
