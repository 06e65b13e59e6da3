import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { databaseSchemaOf } from './database-schema.js';

const topicPrefix = fc.stringMatching(/^[A-Za-z0-9._-]{0,80}$/);

describe('the PostgreSQL schema of an installation', () => {
  it('is course_reviews without a prefix', () => {
    expect(databaseSchemaOf('')).toBe('course_reviews');
  });

  it('carries a plain prefix without its last hyphen', () => {
    expect(databaseSchemaOf('staging-')).toBe('course_reviews_staging');
    expect(databaseSchemaOf('team_7-')).toBe('course_reviews_team_7');
  });

  it('tells prefixes apart that look alike to PostgreSQL', () => {
    const lookAlikes = ['a', 'a-', 'a.', 'A-', 'a_', '-a', 'a--', '.', '-'];
    expect(new Set(lookAlikes.map(databaseSchemaOf)).size).toBe(lookAlikes.length);
  });

  it('tells all prefixes apart', () => {
    fc.assert(
      fc.property(topicPrefix, topicPrefix, (one, other) => {
        expect(databaseSchemaOf(one) === databaseSchemaOf(other)).toBe(one === other);
      }),
    );
  });

  it('is always a name PostgreSQL takes unquoted', () => {
    fc.assert(
      fc.property(topicPrefix, (prefix) => {
        expect(databaseSchemaOf(prefix)).toMatch(/^[a-z_][a-z0-9_]{0,62}$/);
      }),
    );
  });
});
