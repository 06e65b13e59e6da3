import { schemaOf, type AvroSchema, type AvroTopic } from '@reviews/contracts';

const TEXTS: readonly unknown[] = ['title', 'content'];

/** A reader schema of a topic without what learners wrote, which is then skipped unread. */
export const textFreeSchema = (topic: AvroTopic): AvroSchema =>
  JSON.parse(JSON.stringify(schemaOf(topic)), (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((item) => !isText(item)) : value,
  ) as AvroSchema;

const isText = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && 'name' in item && TEXTS.includes(item.name);

/** A reader schema of a topic with some of its fields at the top only. */
export const partialSchema = (topic: AvroTopic, fields: readonly string[]): AvroSchema => {
  const schema = schemaOf(topic);
  return { ...schema, fields: schema.fields.filter(({ name }) => fields.includes(name)) };
};
