import { readFileSync, readdirSync } from 'node:fs';

/** Names one process for ever: the kernel gives its number away again, but not with the same start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the boot of this machine and the start of the process. */
  readonly processStartTime: number;
}

/** Start time in /proc/<pid>/stat, undefined for a zombie. The name in it may hold spaces and brackets. */
export function startTimeIn(stat: string): number | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : Number(fields[18]);
}

export function startTimeOf(pid: number): number | undefined {
  const stat = readProc(pid, 'stat');
  return stat === undefined ? undefined : startTimeIn(stat);
}

export function isAlive({ pid, processStartTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === processStartTime;
}

export function commandLineOf(pid: number): readonly string[] {
  return (readProc(pid, 'cmdline') ?? '').split('\0');
}

/** Processes of ours whose environment, as they were started with it, has this variable with this value. */
export function processesWithVariable(name: string, value: string): readonly ProcessIdentity[] {
  const wanted = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && (readProc(pid, 'environ') ?? '').split('\0').includes(wanted))
    .flatMap((pid) => {
      const processStartTime = startTimeOf(pid);
      return processStartTime === undefined ? [] : [{ pid, processStartTime }];
    });
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Gone in the meantime, or somebody else's: either way none of ours.
    return undefined;
  }
}
