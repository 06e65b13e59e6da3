import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 200;

/**
 * Runs `work` while no other process on this machine holds the same lock. The lock is an abstract unix socket of
 * Linux: it lives in the kernel, so it is gone the moment its holder dies, however it dies.
 */
export async function withLock(key, signal, work) {
  const name = `\0course-reviews-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
  let server = await tryListen(name);
  while (server === undefined) {
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
    server = await tryListen(name);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

async function tryListen(name) {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(name);
    await once(server, 'listening');
    server.unref();
    return server;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
