import { describe, expect, it } from '@jest/globals';
import { javaMajorOf } from '../bin/java.mjs';

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_392"', 8],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.1" 2021-10-19', 17],
  ])('is the major one in %j', (text, major) => {
    expect(javaMajorOf(text)).toBe(major);
  });

  it('is unknown when the text names none', () => {
    expect(javaMajorOf('command not found')).toBeUndefined();
  });
});
