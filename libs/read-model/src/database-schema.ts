import { createHash } from 'node:crypto';

const NAME = 'course_reviews';
const PLAIN_PREFIX = /^([a-z0-9]+(?:_[a-z0-9]+)*)-$/;
/** Keeps the whole name within the 63 bytes PostgreSQL allows. */
const LONGEST_SLUG = 38;
const HASH_CHARACTERS = 8;

/**
 * The PostgreSQL schema an installation's tables are in: `course_reviews`, or with a TOPIC_PREFIX
 * `course_reviews_<prefix>`. New topics mean new tables, because versions are offsets of those topics.
 *
 * A prefix that is not lower-case letters, digits and single underscores with a `-` at the end (`staging-`) is spelt
 * with what PostgreSQL allows and gets a hash, so that no two prefixes share tables.
 */
export const databaseSchemaOf = (topicPrefix: string): string => {
  if (topicPrefix === '') return NAME;
  const plain = PLAIN_PREFIX.exec(topicPrefix)?.[1];
  if (plain !== undefined && plain.length <= LONGEST_SLUG) return `${NAME}_${plain}`;
  const slug = topicPrefix.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const hash = createHash('sha256').update(topicPrefix).digest('hex').slice(0, HASH_CHARACTERS);
  return `${NAME}_${slug.slice(0, LONGEST_SLUG - HASH_CHARACTERS)}_${hash}`;
};
