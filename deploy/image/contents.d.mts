export interface Contents {
  /** Files of our own build. */
  readonly own: readonly string[];
  /** Folders of packages that belong into the image. */
  readonly packages: readonly string[];
  /** Folders of tools that were reached all the same. */
  readonly refused: readonly string[];
}
export function contentsOf(
  files: readonly string[],
  lockedPackages: Readonly<Record<string, { readonly dev?: true; readonly devOptional?: true }>>,
): Contents;
export function isNeededToRun(path: string): boolean;
