import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface InstallOptions {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  /** Takes how far the download is, as text for people. */
  readonly report?: (text: string) => void;
}

/**
 * The code in stack/bin runs before there is a build, so it is plain JavaScript that the compiler never copies into
 * dist/. What the launcher shares with it goes through here, so that both download and find Java the same way.
 */
export interface Bootstrap {
  installArtifact(part: 'kafka' | 'schema-registry', options: InstallOptions): Promise<string>;
  defaultCacheDir(): string;
  javaCommand(): string;
}

export async function loadBootstrap(): Promise<Bootstrap> {
  const load = (file: string): Promise<unknown> =>
    import(pathToFileURL(join(checkoutDir(), 'stack', 'bin', file)).href);
  const artifacts = (await load('artifacts.mjs')) as Pick<Bootstrap, 'installArtifact' | 'defaultCacheDir'>;
  const java = (await load('java.mjs')) as Pick<Bootstrap, 'javaCommand'>;
  return {
    installArtifact: artifacts.installArtifact,
    defaultCacheDir: artifacts.defaultCacheDir,
    javaCommand: java.javaCommand,
  };
}

/** The root of the checkout: this file is below it both as a source and as a build. */
export function checkoutDir(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
