/** PostgreSQL allows so many bytes in a name; ours have one byte a character. */
const MAX_NAME_LENGTH = 63;

// Two underscores: no TOPIC_PREFIX leads to such a schema, so nobody else's tables are ever dropped for ours.

/** Where tables are built anew, beside those in use. */
export const rebuildSchemaOf = (schema: string): string => `${schema}__rebuild`;

/** What the tables in use become for a moment, between the switch and their end. */
export const replacedSchemaOf = (schema: string): string => `${schema}__replaced`;

/** What the tables in use become when they are kept: named after the moment, in UTC. */
export const keptSchemaOf = (schema: string, at: Date): string => {
  const suffix = `__kept_${at.toISOString().replace(/\D/g, '').slice(0, 'yyyymmddhhmmss'.length)}`;
  return schema.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
};
