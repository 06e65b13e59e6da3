/** Rule, task and contract tests; whole-system tests have their own configuration in test/. */
export default {
  testEnvironment: 'node',
  // Jest would leave one core to itself, which is half of two.
  maxWorkers: '100%',
  // No test asserts a time: this much takes only one that waits in vain, on a busy machine, too.
  testTimeout: 20_000,
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/stack', '<rootDir>/cli', '<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@reviews/streams/contract$': '<rootDir>/libs/streams/src/testing/contract/index.contract.ts',
    '^@reviews/streams/testing$': '<rootDir>/libs/streams/src/testing/index.ts',
    '^@reviews/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
