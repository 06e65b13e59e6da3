import system from './jest.config.mjs';

/**
 * Suites that mostly wait: two at a time keep two cores busy. They share nothing but the servers. Those that are left
 * out run alone, see jest.alone.config.mjs.
 */
export default {
  ...system,
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/campaign/', '<rootDir>/test/simulation/'],
  maxWorkers: 2,
};
