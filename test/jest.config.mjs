import unit from '../jest.config.mjs';

/** Whole-system tests: real Kafka, schema registry and PostgreSQL, one suite after the other. */
export default {
  ...unit,
  rootDir: '..',
  roots: ['<rootDir>/test'],
  // The full sizes (x.long.e2e-spec.ts) run by `npm run test:long`.
  testRegex: '(?<!\\.long)\\.e2e-spec\\.ts$',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 60_000,
  maxWorkers: 1,
  // Connections to services that tests have killed keep timers for a while.
  forceExit: true,
};
