import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CampaignTopics } from './topics.js';

const PROGRAM = fileURLToPath(new URL('./counting-service.ts', import.meta.url));
const KEPT_LINES = 60;

/** Where the service runs and what it works on. */
export interface ServiceSettings {
  readonly brokers: readonly string[];
  readonly proxies: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  readonly applicationId: string;
  readonly groupId: string;
  readonly topics: CampaignTopics;
  readonly partitions: number;
}

/** A line the service has told. */
interface ToldLine {
  readonly kind: string;
  readonly level?: string;
  readonly message?: string;
  readonly code?: string;
  readonly outcome?: string;
  readonly extent?: string;
  readonly tasks?: readonly ToldTask[];
}

/** A partition as its process last told. */
interface ToldTask {
  readonly partition: number;
  readonly state: string;
  readonly sourceNext?: number;
}

/** A process of the counting service. */
export interface ServiceProcess {
  readonly clientId: string;
  readonly groupId: string;
  /** Null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
  isAlive(): boolean;
  tasks(): readonly ToldTask[];
  /** How often it has told this. */
  count(what: string): number;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void;
  /** The last lines it told, for whoever looks for a reason. */
  lastLines(): readonly string[];
}

export const startServiceProcess = (clientId: string, settings: ServiceSettings): ServiceProcess => {
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning',
      COUNTING_SERVICE: JSON.stringify({ ...settings, clientId }),
    },
    // It ends when its standard input does: nobody is left behind by a campaign that is killed.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const counts = new Map<string, number>();
  const lines: string[] = [];
  let tasks: readonly ToldTask[] = [];

  const keep = (text: string): void => {
    lines.push(text);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  createInterface(child.stderr).on('line', keep);
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as ToldLine;
    if (line.kind !== 'committed' && line.kind !== 'status') keep(text);
    if (line.kind === 'status') tasks = line.tasks ?? [];
    for (const what of namesOf(line)) counts.set(what, (counts.get(what) ?? 0) + 1);
  });
  const exitCode = once(child, 'close').then(() => {
    tasks = [];
    return child.exitCode;
  });
  return {
    clientId,
    groupId: settings.groupId,
    exitCode,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    tasks: () => tasks,
    count: (what) => counts.get(what) ?? 0,
    signal: (signal) => child.kill(signal),
    lastLines: () => lines,
  };
};

/** What a line is counted as. */
const namesOf = ({ kind, level, message, code, outcome, extent }: ToldLine): readonly string[] => {
  if (kind === 'log') return [`${level ?? ''}: ${message ?? ''}`];
  const detail = code ?? outcome ?? extent;
  return detail === undefined ? [kind] : [kind, `${kind} ${detail}`];
};
