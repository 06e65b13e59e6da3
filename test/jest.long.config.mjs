import system from './jest.config.mjs';

/** Campaigns at full size, and what shows only in numbers. */
export default {
  ...system,
  testRegex: '\\.long\\.e2e-spec\\.ts$',
  testTimeout: 4 * 3_600_000,
};
