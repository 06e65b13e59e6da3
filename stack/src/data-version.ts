import { StackError } from './stack-error.js';

/**
 * Refuses a state whose data another version wrote: its directory name would differ, the part would start empty beside
 * parts that are full, and numbers would be wrong without anybody noticing.
 */
export function refuseOtherVersions(
  stateDir: string,
  entries: readonly string[],
  directories: readonly string[],
): void {
  for (const directory of directories) {
    const part = partOf(directory);
    const other = entries.find(
      (entry) =>
        /^\d+(\.\d+)*$/.test(entry.slice(part.length)) && partOf(entry) === part && entry !== directory,
    );
    if (other === undefined || entries.includes(directory)) continue;
    throw new StackError(
      'STATE_MISMATCH',
      `The state ${stateDir} was written by ${other}, this version runs ${directory} and does not convert it: set REVIEWS_STATE_DIR to a new directory, or start the version that wrote it.`,
    );
  }
}

/** "schema-registry-" of "schema-registry-2.6". */
function partOf(directory: string): string {
  return directory.slice(0, directory.lastIndexOf('-') + 1);
}
