import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The Java to use: JAVA_HOME's when there is one, else the first in PATH. */
export function javaCommand(env = process.env) {
  const fromHome = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : undefined;
  return fromHome !== undefined && existsSync(fromHome) ? fromHome : 'java';
}

/** The major version in what `java -version` prints, or undefined. Before Java 9 it was written 1.8.0_392. */
export function javaMajorOf(text) {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
