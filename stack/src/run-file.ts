import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessIdentity } from './proc.js';
import { replaceFile } from './replace-file.js';
import { type PartRecord } from './supervisor.js';

export type RunPhase = 'starting' | 'running' | 'stopping';

/** Where the parts are found, for the services and for whoever comes later. */
export interface Addresses {
  readonly url: string;
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
  readonly databaseUrl: string;
}

/** run.json: what runs on a state, where and since when. It is there while a launcher is, or was killed. */
export interface RunFile extends ProcessIdentity, Addresses {
  readonly phase: RunPhase;
  readonly startedAt: string;
  readonly stateDir: string;
  readonly topicPrefix: string;
  readonly topicPartitions: number;
  readonly parts: readonly PartRecord[];
}

export function writeRunFile(run: RunFile): void {
  replaceFile(pathIn(run.stateDir), `${JSON.stringify(run, null, 2)}\n`);
}

export function readRunFile(stateDir: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(stateDir), 'utf8')) as RunFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Not ours to understand, and nothing in it may be trusted: go on as if there were none.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function removeRunFile(stateDir: string): void {
  rmSync(pathIn(stateDir), { force: true });
}

function pathIn(stateDir: string): string {
  return join(stateDir, 'run.json');
}
