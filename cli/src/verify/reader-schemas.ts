import { schemaOf, type AvroSchema, type AvroTopic } from '@reviews/contracts';

/** A reader schema of a topic with some of its fields at the top only. */
export const partialSchema = (topic: AvroTopic, fields: readonly string[]): AvroSchema => {
  const schema = schemaOf(topic);
  return { ...schema, fields: schema.fields.filter(({ name }) => fields.includes(name)) };
};
