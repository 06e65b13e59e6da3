import { describe, it } from '@jest/globals';
import { courseStateCodec, ledgerEntryCodec } from '@reviews/contracts';
import fc from 'fast-check';
import { courses, entries, expectKept, STATE_VALUES } from './arbitrary-state.js';

const CAMPAIGN = { numRuns: STATE_VALUES, seed: 1 };

describe(`state, ${STATE_VALUES} values of each kind`, () => {
  it('of a course is read back as it was written, and written again as it was', () => {
    fc.assert(
      fc.property(courses, (course) => {
        expectKept(courseStateCodec, course);
      }),
      CAMPAIGN,
    );
  });

  it('of a review is read back as it was written, and written again as it was', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expectKept(ledgerEntryCodec, entry);
      }),
      CAMPAIGN,
    );
  });
});
