import { describe, expect, it } from '@jest/globals';
import { refuseOtherVersions } from './data-version.js';

const now = ['kafka-4.3', 'postgres-18'];

describe('data of another version', () => {
  it('is refused, with both versions named', () => {
    expect(() => {
      refuseOtherVersions('/s', ['kafka-4.3', 'postgres-17', 'logs'], now);
    }).toThrow(/postgres-17.*postgres-18/);
  });

  it('is no hindrance beside data of this version', () => {
    expect(() => {
      refuseOtherVersions('/s', ['postgres-17', 'postgres-18'], now);
    }).not.toThrow();
  });

  it('is not what an empty state or a password file is', () => {
    expect(() => {
      refuseOtherVersions('/s', [], now);
    }).not.toThrow();
    expect(() => {
      refuseOtherVersions('/s', ['postgres-password', 'postgres-18.initializing'], now);
    }).not.toThrow();
  });
});
