import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, isAlive, type ProcessIdentity, processesWithVariable } from './proc.js';
import { readRunFile } from './run-file.js';
import { sendSignal } from './running-process.js';
import { type PartRecord } from './supervisor.js';

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 10_000;

/** Set in every process of a stack to its state directory. */
export const STATE_MARK = 'COURSE_REVIEWS_STACK';

/**
 * Ends what a killed launcher left running on this state, and returns how many processes that were. Only to be called
 * by the holder of the state's lock: then the launcher they belong to is dead.
 */
export async function stopLeftovers(stateDir: string): Promise<number> {
  const leftovers = findLeftovers(stateDir);
  for (const { pid } of leftovers) sendSignal(pid, 'SIGTERM');
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (leftovers.some(isAlive) && Date.now() < deadlineMs) await sleep(LOOK_AGAIN_MS);
  for (const leftover of leftovers.filter(isAlive)) sendSignal(leftover.pid, 'SIGKILL');
  while (leftovers.some(isAlive)) await sleep(LOOK_AGAIN_MS);
  return leftovers.length;
}

/**
 * A launcher killed between starting a process and writing it down leaves one that run.json does not know; the mark in
 * its environment tells on that one.
 */
function findLeftovers(stateDir: string): readonly ProcessIdentity[] {
  const recorded = (readRunFile(stateDir)?.parts ?? []).filter(isStillThatProcess);
  const marked = processesWithVariable(STATE_MARK, stateDir);
  return [...new Map([...recorded, ...marked].map((leftover) => [leftover.pid, leftover])).values()];
}

/** A process id alone proves nothing: the number is given away again, after a reboot even with a like start time. */
function isStillThatProcess(part: PartRecord): boolean {
  const found = commandLineOf(part.pid);
  return isAlive(part) && part.command.every((argument, index) => found[index] === argument);
}
