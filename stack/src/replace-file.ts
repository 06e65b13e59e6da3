import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read; a reader sees the old content or the new, never half of it. */
export function replaceFile(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, content, { mode: 0o600 });
  renameSync(unfinished, path);
}
