import { describe, expect, it } from '@jest/globals';
import { contentsOf, isNeededToRun } from '../../deploy/image/contents.mjs';

const locked = {
  'node_modules/pg': {},
  'node_modules/@fastify/static': {},
  'node_modules/@fastify/static/node_modules/glob': {},
  'node_modules/typescript': { devOptional: true },
  'node_modules/jest': { dev: true },
} as const;

describe('the contents of an image', () => {
  it('are our own files, and packages by their folders', () => {
    const files = [
      'dist/apps/aggregator/src/main.js',
      'package.json',
      'node_modules/pg/lib/index.js',
      'node_modules/pg/lib/client.js',
      'node_modules/@fastify/static/index.js',
      'node_modules/@fastify/static/node_modules/glob/dist/index.js',
    ];
    expect(contentsOf(files, locked)).toEqual({
      own: ['dist/apps/aggregator/src/main.js'],
      packages: [
        'node_modules/@fastify/static',
        'node_modules/@fastify/static/node_modules/glob',
        'node_modules/pg',
      ],
      refused: [],
    });
  });

  it('leave out what the lock file calls a tool, even where a library looks for it', () => {
    const files = ['node_modules/jest/index.js', 'node_modules/typescript/lib/typescript.js'];
    expect(contentsOf(files, locked)).toEqual({
      own: [],
      packages: [],
      refused: ['node_modules/jest', 'node_modules/typescript'],
    });
  });

  it('are refused when a package is in no lock file', () => {
    expect(() => contentsOf(['node_modules/stray/index.js'], locked)).toThrow('node_modules/stray');
  });

  it.each(['lib/index.d.ts', 'lib/index.d.mts', 'lib/index.js.map', 'README.md', 'test/client.js'])(
    'do without %s',
    (path) => {
      expect(isNeededToRun(path)).toBe(false);
    },
  );

  it.each(['lib/index.js', 'swagger-ui.css', 'LICENSE', 'LICENSE.md', 'lib/latest/tests.js', 'package.json'])(
    'have %s',
    (path) => {
      expect(isNeededToRun(path)).toBe(true);
    },
  );
});
