/**
 * `node deploy/trace.mjs APP DIRECTORY`: fills a directory with what an app needs to run, and nothing else. APP is a
 * service or `cli`; `dist/` must be built.
 *
 * Our own code is copied file by file. Packages are copied whole, less what is for people and tools: they read files
 * (`swagger-ui-dist` its pages) that no import names.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFileTrace } from '@vercel/nft';
import { contentsOf, isNeededToRun } from './image/contents.mjs';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const [app, target] = process.argv.slice(2);
if (app === undefined || target === undefined) throw new Error('Usage: node deploy/trace.mjs APP DIRECTORY');

const entry = [`dist/apps/${app}/src/main.js`, `dist/${app}/src/main.js`].find((file) =>
  existsSync(join(checkout, file)),
);
if (entry === undefined) throw new Error(`${app} is no app, or it is not built.`);

const { fileList, warnings } = await nodeFileTrace([join(checkout, entry)], { base: checkout });
// Packages try imports that may fail; ours must not.
const ours = [...warnings].filter(({ message }) => message.includes(join(checkout, 'dist')));
if (ours.length > 0) throw new Error(ours.map(({ message }) => message).join('\n'));

const lock = readJson('package-lock.json');
const { own, packages, refused } = contentsOf([...fileList], lock.packages);
for (const file of own) copy(file);
// Positions in our sources for stack traces.
for (const file of own) if (existsSync(join(checkout, `${file}.map`))) copy(`${file}.map`);
for (const name of packages) copyPackage(name, fileList);

const { name, version, license, type } = readJson('package.json');
const manifest = { name: `${name}-${app}`, version, private: true, license, type };
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ['LICENSE', 'deploy/image/health.mjs'])
  cpSync(join(checkout, file), join(target, file.split('/').at(-1)));
process.stdout.write(
  `${app}: ${own.length} files of ours, ${packages.length} packages; left out: ${refused.join(', ') || 'none'}\n`,
);

function copyPackage(root, traced) {
  const directory = join(checkout, root);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = relative(directory, join(entry.parentPath, entry.name));
    // Packages inside packages are packages of their own here.
    if (!entry.isFile() || path.includes('node_modules/')) continue;
    const file = join(root, path);
    if (traced.has(file) || isNeededToRun(path)) copy(file);
  }
}

function copy(file) {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  cpSync(join(checkout, file), join(target, file), { dereference: true });
}

function readJson(file) {
  return JSON.parse(readFileSync(join(checkout, file), 'utf8'));
}
