import system from './jest.config.mjs';

/**
 * Suites that need the machine for themselves: the simulation fills every core, and processes that are frozen and cut
 * off by the clock of a campaign are late anyway.
 */
export default {
  ...system,
  roots: ['<rootDir>/test/campaign', '<rootDir>/test/simulation'],
};
