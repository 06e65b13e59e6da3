import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { replaceFile } from './replace-file.js';
import { StackError } from './stack-error.js';

// Below the range from which Linux takes the local ports of outgoing connections: one of those could sit on the port
// of a part just when that part is started again.
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const TRIED_PORTS = 200;

const PORT_NAMES = [
  'kafka',
  'kafka-controller',
  'schema-registry',
  'postgres',
  'review-api',
  'fraud-detector',
  'aggregator',
  'stats-sink',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** A port somebody asked for, and the variable that says so. */
export interface PinnedPort {
  readonly port: number;
  readonly variable: string;
  readonly host: string;
}

/** Ports for everything: the pinned ones, else those of the last start where they are still free, else free ones. */
export async function choosePorts(
  stateDir: string,
  pinned: Readonly<Partial<Record<PortName, PinnedPort>>>,
): Promise<Ports> {
  const remembered = readRemembered(stateDir);
  const taken = new Set(Object.values(pinned).map(({ port }) => port));
  const chosen: Partial<Record<PortName, number>> = {};
  for (const name of PORT_NAMES) {
    const wanted = pinned[name];
    if (wanted !== undefined) await refuseOccupied(wanted);
    const port = wanted?.port ?? (await freePort(remembered[name], taken));
    taken.add(port);
    chosen[name] = port;
  }
  const ports = chosen as Ports;
  // A pinned port is the wish of one start; the one kept for the next stays what it was.
  const kept = PORT_NAMES.map((name) => [name, pinned[name] === undefined ? ports[name] : remembered[name]]);
  replaceFile(fileIn(stateDir), `${JSON.stringify(Object.fromEntries(kept))}\n`);
  return ports;
}

async function freePort(preferred: number | undefined, exclude: ReadonlySet<number>): Promise<number> {
  // From a random place: two stacks that start at once look at different ports.
  const from = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - TRIED_PORTS));
  const candidates = [
    ...(preferred === undefined ? [] : [preferred]),
    ...portNumbers(from, from + TRIED_PORTS),
  ];
  return getPort({ host: '127.0.0.1', port: candidates.filter((port) => !exclude.has(port)), exclude });
}

async function refuseOccupied({ port, variable, host }: PinnedPort): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE'
        ? 'is already in use: stop the program that uses it'
        : `cannot be used (${code ?? 'unknown'})`;
    throw new StackError(
      'PORT_IN_USE',
      `Port ${port} of ${host} ${reason}, or set ${variable} to another one.`,
      { cause },
    );
  } finally {
    server.close();
  }
}

function readRemembered(stateDir: string): Partial<Record<PortName, number>> {
  try {
    return JSON.parse(readFileSync(fileIn(stateDir), 'utf8')) as Partial<Record<PortName, number>>;
  } catch {
    // The first start, or a file that cannot be read: any free port will do.
    return {};
  }
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'ports.json');
}
