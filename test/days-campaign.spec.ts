import { describe, expect, it } from '@jest/globals';
import { rollCourses, toldOf } from './days-campaign.js';

/** A twentieth of the full size. */
const COURSES = 50_000;

describe('days on which nobody writes', () => {
  it(`publish what an oracle says and nothing else, ${COURSES} courses, 90 rolls`, () => {
    const rolled = rollCourses(COURSES);
    process.stdout.write(toldOf(COURSES, rolled));
    expect(rolled.wrong).toEqual([]);
    expect(rolled.published).toEqual(rolled.expected);
    expect(Math.min(...rolled.expected)).toBeGreaterThan(0);
  }, 60_000);
});
