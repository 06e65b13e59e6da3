/** What another process takes, by what Linux says of it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** By their place behind the name, in proc(5). */
const PARENT = 1;
const USER = 11;
const SYSTEM = 12;
const ENDED_CHILDREN = [13, 14];

const statOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may contain anything: fields are counted from behind it.
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
};

const secondsOf = (stat, fields) => fields.reduce((sum, field) => sum + stat[field], 0) / TICKS_PER_SECOND;

/** Seconds of CPU since it started. */
export const cpuSecondsOf = (pid) => secondsOf(statOf(pid), [USER, SYSTEM]);

/** The same with its children, those that have ended, too: PostgreSQL has a process for each connection. */
export const cpuSecondsOfFamily = (pid) => {
  let seconds = secondsOf(statOf(pid), [USER, SYSTEM, ...ENDED_CHILDREN]);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      const stat = statOf(name);
      if (stat[PARENT] === pid) seconds += secondsOf(stat, [USER, SYSTEM]);
    } catch {
      // It ended while we looked: its time is its parent's now, or will be.
    }
  return seconds;
};

/** Resident memory in MB: now, and the most there ever was. */
export const memoryOf = (pid) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
};
