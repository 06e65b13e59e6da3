import type { SchemaRegistry } from '@reviews/contracts';

/** A registry that takes every schema. */
export const inMemorySchemaRegistry = (): SchemaRegistry => {
  const schemas: string[] = [];
  return {
    setCompatibility: () => Promise.resolve(),
    register: (_subject, schemaText) => Promise.resolve(schemas.push(schemaText)),
    schemaById: (id) => {
      const schema = schemas[id - 1];
      return schema === undefined ? Promise.reject(new Error(`No schema ${id}`)) : Promise.resolve(schema);
    },
    ping: () => Promise.resolve(),
  };
};
