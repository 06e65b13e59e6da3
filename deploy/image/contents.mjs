/** What belongs into the image of an app, given what its entry file reaches. */

const PACKAGE = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const FOR_PEOPLE_AND_TOOLS =
  /\.(d\.[cm]?ts|[cm]?tsx?|map|flow|md|markdown)$|(^|\/)(test|tests|__tests__|example|examples|docs|bench|benchmark|benchmarks|\.github|\.vscode)\//;
const LICENCE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i;

/**
 * Sorts reached files into our own and the packages of the others.
 *
 * @param files paths below the checkout
 * @param lockedPackages `packages` of package-lock.json
 */
export function contentsOf(files, lockedPackages) {
  const own = files.filter((file) => file.startsWith('dist/'));
  const reached = [...new Set(files.flatMap((file) => PACKAGE.exec(file)?.[1] ?? []))].sort();
  const isDev = (name) => lockedPackages[name]?.dev === true || lockedPackages[name]?.devOptional === true;
  const unknown = reached.filter((name) => lockedPackages[name] === undefined);
  if (unknown.length > 0) throw new Error(`Not in package-lock.json: ${unknown.join(', ')}`);
  // Libraries look for tools that happen to be installed, and live without.
  return { own, packages: reached.filter((name) => !isDev(name)), refused: reached.filter(isDev) };
}

/** @param path of a file inside its package */
export function isNeededToRun(path) {
  return LICENCE.test(path) || !FOR_PEOPLE_AND_TOOLS.test(path);
}
