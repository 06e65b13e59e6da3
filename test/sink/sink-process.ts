import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import getPort from 'get-port';

const KEPT_LINES = 40;

/** A stats-sink that a suite may kill. */
export interface SinkProcess {
  readonly url: string;
  pid(): number;
  /** Whether it ended by itself since it was started. */
  hasEnded(): boolean;
  kill(): Promise<void>;
  start(): void;
  /** Its last words, for whoever looks for a reason. */
  lastLines(): string;
  stop(): Promise<void>;
}

export const startSink = async (env: Readonly<Record<string, string>>): Promise<SinkProcess> => {
  const port = await getPort({ host: '127.0.0.1' });
  const lines: string[] = [];
  const launch = (): ChildProcess => {
    const launched = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/stats-sink/src/main.js'], {
      env: { ...process.env, NODE_OPTIONS: '', ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [launched.stdout, launched.stderr])
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
      });
    return launched;
  };
  let child = launch();
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => child.pid ?? -1,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => end('SIGKILL'),
    start() {
      child = launch();
    },
    lastLines: () => lines.join('\n'),
    stop: () => end('SIGTERM'),
  };
};
