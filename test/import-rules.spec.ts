import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = '.dependency-cruiser.cjs';
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const FOLDERS = ['apps', 'libs', 'stack', 'cli', 'test'];

/** One file for every rule that breaks this rule and no other. */
const VIOLATIONS: readonly (readonly [rule: string, file: string, imported: string])[] = [
  ['no-circular', 'libs/streams/src/circle-a.ts', './circle-b.js'],
  ['domain-imports-nothing', 'libs/domain/src/reads-a-clock.ts', 'node:perf_hooks'],
  ['domain-imports-nothing', 'libs/domain/src/reads-a-package.ts', 'declared'],
  ['contracts-import-domain-only', 'libs/contracts/src/produces.ts', '@reviews/streams'],
  ['streams-knows-no-review', 'libs/streams/src/counts-reviews.ts', '@reviews/domain'],
  ['read-model-imports-domain-only', 'libs/read-model/src/decodes.ts', '@reviews/contracts'],
  ['projection-imports-no-platform', 'libs/projection/src/serves.ts', '@reviews/platform'],
  ['platform-imports-streams-only', 'libs/platform/src/queries.ts', '@reviews/read-model'],
  ['apps-never-import-apps', 'apps/one/src/borrows.ts', '../../other/src/main.js'],
  ['nobody-imports-apps', 'cli/src/borrows.ts', '../../apps/other/src/main.js'],
  ['stack-imports-no-library', 'stack/src/shares.ts', '@reviews/streams'],
  ['libraries-by-their-index', 'apps/one/src/reaches-in.ts', '../../../libs/streams/src/inner.js'],
  ['libraries-by-their-index', 'libs/platform/src/reaches-in.ts', '../../streams/src/inner.js'],
  ['kafkajs-only-in-its-adapter', 'libs/streams/src/produces.ts', 'kafkajs'],
  ['kafkajs-only-in-its-adapter', 'apps/one/src/produces.ts', 'kafkajs'],
  ['sql-only-in-read-model', 'apps/one/src/queries.ts', 'pg'],
  ['sql-only-in-read-model', 'cli/src/queries.ts', 'typeorm'],
  ['no-nest-in-libraries', 'libs/streams/src/injects.ts', '@nestjs/common'],
  ['no-nest-in-libraries', 'libs/projection/src/injects.ts', '@nestjs/common'],
  ['no-nest-in-libraries', 'cli/src/injects.ts', '@nestjs/common'],
  ['no-undeclared-package', 'apps/one/src/borrows-a-package.ts', 'undeclared'],
  ['no-dev-package-in-product', 'apps/one/src/generates.ts', 'for-tests'],
];

/** What the same rules allow. */
const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['libs/contracts/src/knows-reviews.ts', '@reviews/domain'],
  ['libs/domain/src/counts.spec.ts', 'for-tests'],
  ['libs/platform/src/runs-tasks.ts', '@reviews/streams'],
  ['libs/platform/src/injects.ts', '@nestjs/common'],
  ['libs/projection/src/stores.ts', '@reviews/read-model'],
  ['libs/read-model/src/queries.ts', 'pg'],
  ['libs/streams/src/kafkajs/adapts.ts', 'kafkajs'],
  ['libs/streams/src/kafkajs/uses-its-own.ts', '../inner.js'],
  ['apps/one/src/wires.ts', '@reviews/contracts'],
  ['apps/one/src/wires-its-own.ts', './wires.js'],
  ['apps/one/src/main.spec.ts', 'for-tests'],
  ['apps/one/src/drives.spec.ts', '@reviews/streams/testing'],
  ['cli/src/verifies.ts', '@reviews/contracts'],
  ['test/recomputes.ts', '../apps/other/src/main.js'],
  ['test/looks-behind.ts', 'kafkajs'],
];

const PACKAGES = {
  dependencies: ['kafkajs', 'pg', 'typeorm', '@nestjs/common', 'declared'],
  dev: ['for-tests'],
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** Runs dependency-cruiser as `npm run imports` does, in this folder. */
const violationsIn = (folder: string): readonly Violation[] => {
  const run = spawnSync(
    process.execPath,
    [CRUISER, '--config', CONFIG, '--output-type', 'json', ...FOLDERS],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser: ${run.stderr}`);
  const report = JSON.parse(run.stdout) as { summary: { violations: readonly Violation[] } };
  return report.summary.violations;
};

/** A tree with the layout and the configuration of this one, and made-up packages. */
const plantTree = (folder: string): void => {
  const write = (file: string, text: string): void => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const versions = (names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  for (const file of [CONFIG, 'tsconfig.json']) copyFileSync(join(ROOT, file), join(folder, file));
  const manifest = {
    name: 'tree',
    type: 'module',
    dependencies: versions(PACKAGES.dependencies),
    devDependencies: versions(PACKAGES.dev),
  };
  write('package.json', JSON.stringify(manifest));
  for (const name of [...PACKAGES.dependencies, ...PACKAGES.dev, 'undeclared']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const library of ['domain', 'contracts', 'streams', 'read-model', 'projection', 'platform'])
    write(`libs/${library}/src/index.ts`, 'export const library = 1;\n');
  write('libs/streams/src/testing/index.ts', 'export const testing = 1;\n');
  write('libs/streams/src/inner.ts', 'export const inner = 1;\n');
  write('libs/streams/src/circle-b.ts', "import './circle-a.js';\n");
  write('apps/other/src/main.ts', 'export const main = 1;\n');
  for (const [, file, imported] of VIOLATIONS) write(file, `import '${imported}';\n`);
  for (const [file, imported] of ALLOWED) write(file, `import '${imported}';\n`);
};

describe('an import rule', () => {
  let folder = '';
  let found: readonly Violation[] = [];
  const rulesBrokenBy = (file: string): readonly string[] =>
    found.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-rules-'));
    plantTree(folder);
    found = violationsIn(folder);
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(VIOLATIONS)('%s is broken by %s importing %s', (rule, file) => {
    expect(rulesBrokenBy(file)).toEqual([rule]);
  });

  it.each(ALLOWED)('allows %s to import %s', (file) => {
    expect(rulesBrokenBy(file)).toEqual([]);
  });

  it('is never there without having been seen to fail', () => {
    const config = createRequire(import.meta.url)(join(ROOT, CONFIG)) as {
      forbidden: readonly { readonly name: string }[];
    };
    const rules = config.forbidden.map(({ name }) => name).sort();
    expect([...new Set(VIOLATIONS.map(([rule]) => rule))].sort()).toEqual(rules);
  });
});

describe('this repository', () => {
  it('breaks no import rule', () => {
    const broken = violationsIn(ROOT).map(({ from, rule }) => `${from}: ${rule.name}`);
    expect(broken).toEqual([]);
  }, 120_000);
});
