/** Imports go one way: apps → platform, projection, read-model, streams, contracts → domain. ARCHITECTURE.md says why. */
const lib = (name) => `^libs/${name}/`;
const notTo = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    notTo('no-circular', 'A cycle has no front door.', {}, { circular: true }),
    notTo(
      'domain-imports-nothing',
      'The core is pure: no package, no Node, no other library.',
      { path: lib('domain'), pathNot: '\\.spec\\.ts$' },
      { pathNot: lib('domain') },
    ),
    notTo(
      'contracts-import-domain-only',
      'Wire formats know the domain and nothing above it.',
      { path: lib('contracts') },
      { path: '^(apps|stack|cli|libs/(streams|read-model|projection|platform))/' },
    ),
    notTo(
      'streams-knows-no-review',
      'The streaming library can be lifted out.',
      { path: lib('streams') },
      { path: '^(apps|stack|cli|libs/(domain|contracts|read-model|projection|platform))/' },
    ),
    notTo(
      'read-model-imports-domain-only',
      'Tables know the domain and nothing above it.',
      { path: lib('read-model') },
      { path: '^(apps|stack|cli|libs/(streams|contracts|projection|platform))/' },
    ),
    notTo(
      'projection-imports-no-platform',
      'Tables are filled the same way whoever does it, a service or a command.',
      { path: lib('projection') },
      { path: '^(apps|stack|cli|libs/platform)/' },
    ),
    notTo(
      'platform-imports-streams-only',
      'Glue that all apps share knows no review.',
      { path: lib('platform') },
      { path: '^(apps|stack|cli|libs/(domain|contracts|read-model|projection))/' },
    ),
    notTo(
      'apps-never-import-apps',
      'Services share topics and a database, never code.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    notTo(
      'nobody-imports-apps',
      'Apps are wiring; what others need lives in a library.',
      { pathNot: '^(apps|test)/' },
      { path: '^apps/' },
    ),
    notTo(
      'stack-imports-no-library',
      'The launcher starts processes; it shares no code with them.',
      { path: '^stack/' },
      { path: '^(apps|cli|libs)/' },
    ),
    notTo(
      'libraries-by-their-index',
      'Enter a package by its front door.',
      { path: '^(libs/([^/]+)|apps|stack|cli|test|bench)/' },
      {
        path: '^libs/([^/]+)/src/',
        pathNot: [
          '^libs/[^/]+/src/(testing/)?index\\.ts$',
          '^libs/[^/]+/src/testing/contract/index\\.contract\\.ts$',
          '^libs/$2/',
        ],
      },
    ),
    notTo(
      'kafkajs-only-in-its-adapter',
      'One folder knows the client.',
      { pathNot: ['^libs/streams/src/kafkajs/', '^(test|bench)/'] },
      { path: 'node_modules/kafkajs' },
    ),
    notTo(
      'sql-only-in-read-model',
      'One library knows the database.',
      { pathNot: ['^libs/read-model/', '^(test|bench|stack)/'] },
      { path: 'node_modules/(typeorm|pg|@nestjs/typeorm)/' },
    ),
    notTo(
      'no-nest-in-libraries',
      'Nest is glue: apps and platform only.',
      { path: '^(libs/(domain|contracts|streams|read-model|projection)|stack|cli)/' },
      { path: 'node_modules/@nestjs/' },
    ),
    notTo(
      'no-undeclared-package',
      'Everything imported is in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    notTo(
      'no-dev-package-in-product',
      'The product runs on production dependencies.',
      { path: '^(apps|libs|stack|cli)/', pathNot: '\\.(spec|contract)\\.ts$' },
      { dependencyTypes: ['npm-dev'], pathNot: '@types/' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
