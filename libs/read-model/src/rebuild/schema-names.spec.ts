import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { databaseSchemaOf } from '../database-schema.js';
import { keptSchemaOf, rebuildSchemaOf, replacedSchemaOf } from './schema-names.js';

const AT = new Date('2026-11-21T18:38:00.123Z');
const prefixes = fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^[a-z0-9_-]{0,60}-$/));
const namesFor = (schema: string): readonly string[] => [
  rebuildSchemaOf(schema),
  replacedSchemaOf(schema),
  keptSchemaOf(schema, AT),
];

describe('the schemas of a rebuild', () => {
  it('fit into a name of PostgreSQL, whatever the prefix', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        for (const name of namesFor(databaseSchemaOf(prefix))) expect(name).toMatch(/^[a-z0-9_]{1,63}$/);
      }),
    );
  });

  it('are those of no installation, whatever the prefixes', () => {
    fc.assert(
      fc.property(prefixes, prefixes, (mine, other) => {
        for (const name of namesFor(databaseSchemaOf(mine))) expect(name).not.toBe(databaseSchemaOf(other));
      }),
    );
    for (const prefix of ['rebuild-', '-rebuild-', '_rebuild-', 'replaced-'])
      expect(namesFor(databaseSchemaOf(''))).not.toContain(databaseSchemaOf(prefix));
  });

  it('say in UTC until when kept tables were in use', () => {
    expect(keptSchemaOf('course_reviews', AT)).toBe('course_reviews__kept_20261121183800');
  });
});
