import system from '../jest.config.mjs';

/** Images built and started; minutes, and only where there is a builder. */
export default {
  ...system,
  rootDir: '../..',
  testRegex: '\\.image-spec\\.ts$',
  // The first build installs all packages.
  testTimeout: 20 * 60_000,
};
