import { eventually } from '../support/eventually.js';
import type { Random } from './random.js';
import { startServiceProcess, type ServiceProcess, type ServiceSettings } from './service-process.js';
import { PATIENCE_MS } from './waiting.js';

/** The processes of the service, each started again when it ends by itself. */
export interface Fleet {
  alive(): readonly ServiceProcess[];
  /** @param groupId of a group that knows nothing of the others; default: the application's */
  start(groupId?: string): ServiceProcess;
  /** Lets a process end without starting it again. */
  expectEnd(process: ServiceProcess): void;
  /** Kills with -9, if a fault did not do so already, and waits for the end. */
  kill(process: ServiceProcess): Promise<void>;
  /** SIGTERM to all of a group, or to all there are; waits for the end. */
  stop(groupId?: string): Promise<void>;
  /** Kills whatever there is, and starts nothing again. */
  end(): Promise<void>;
  /** Resolves when every partition is running in one of these processes; default: all that are alive. */
  running(processes?: () => readonly ServiceProcess[]): Promise<void>;
  /** How often any process, or any of a group, has told this. */
  count(what: string, groupId?: string): number;
  /** How processes ended that nobody had told to, and the last thing they said. */
  readonly ends: readonly string[];
  /** For whoever looks for a reason. */
  report(): string;
}

export const fleetOf = (settings: ServiceSettings): Fleet => {
  const all: ServiceProcess[] = [];
  const expected = new Set<ServiceProcess>();
  const ends: string[] = [];

  const alive = (): readonly ServiceProcess[] => all.filter((process) => process.isAlive());
  const start = (groupId = settings.groupId): ServiceProcess => {
    const process = startServiceProcess(`campaign-${all.length + 1}`, { ...settings, groupId });
    all.push(process);
    void process.exitCode.then((code) => {
      if (expected.has(process)) return;
      ends.push(`${process.clientId} ended with ${String(code)}: ${String(process.lastLines().at(-1))}`);
      start(groupId);
    });
    return process;
  };
  const end = async (process: ServiceProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    expected.add(process);
    if (process.isAlive()) process.signal(signal);
    await process.exitCode;
  };

  return {
    alive,
    start,
    expectEnd(process) {
      expected.add(process);
    },
    kill: (process) => end(process, 'SIGKILL'),
    async stop(groupId) {
      const members = all.filter((process) => groupId === undefined || process.groupId === groupId);
      await Promise.all(members.map((process) => end(process, 'SIGTERM')));
    },
    async end() {
      await Promise.all(all.map((process) => end(process, 'SIGKILL')));
    },
    running: (processes = alive) =>
      eventually(() => {
        const states = processes().flatMap((process) => process.tasks());
        const running = new Set(
          states.filter(({ state }) => state === 'running').map(({ partition }) => partition),
        );
        if (running.size < settings.partitions)
          throw new Error(`Only ${[...running].join(' ')} run: ${JSON.stringify(states)}`);
        return Promise.resolve();
      }, PATIENCE_MS),
    count: (what, groupId) =>
      all
        .filter((process) => groupId === undefined || process.groupId === groupId)
        .reduce((sum, process) => sum + process.count(what), 0),
    ends,
    report: () =>
      all
        .slice(-4)
        .flatMap((process) => [`--- ${process.clientId}`, ...process.lastLines()])
        .join('\n'),
  };
};

/** One of the processes that run a task, once there is one: the weather or a rebalance may have stopped them all. */
export const anOwner = (fleet: Fleet, random: Random): Promise<ServiceProcess> =>
  eventually(() => {
    const owners = fleet
      .alive()
      .filter((process) => process.tasks().some(({ state }) => state === 'running'));
    const [owner] = random.shuffled(owners);
    if (owner === undefined) throw new Error('Nobody owns anything');
    return Promise.resolve(owner);
  }, PATIENCE_MS);
