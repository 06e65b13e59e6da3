/** A workload of commands in `reviews`, and what the ledger must make of it. */
import {
  confluentAvro,
  reviewIdOf,
  schemaOf,
  schemaRegistryAt,
  topicName,
  topicWriter,
  toReviewCommandRecord,
} from '../../dist/libs/contracts/src/index.js';
import { murmur2OfAscii, toPositive } from '../../dist/libs/domain/src/index.js';
import { readTopic, setUpTopics } from '../lib/topics.mjs';
import { commandOf, commandPacker } from './command-bytes.mjs';
import { courseIdOf, userIdOf } from './ids.mjs';
import { randomOf, zipf } from './random.mjs';
import { anyDate, reviewStory } from './story.mjs';
import { writeRecords } from './write-records.mjs';

const SEED = 1;
const PARTITIONS = 4;
const FRAUD_PERCENT = 5;

export const writeCommands = async ({ servers, say }, { events, courses, prefix }) => {
  const { addresses } = servers;
  const topic = topicName(prefix, 'reviews');
  await setUpTopics(addresses, prefix, PARTITIONS);
  const codec = await topicWriter(schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL), prefix, 'reviews');
  const encode = (event) => codec.encode(toReviewCommandRecord(commandOf(event)));
  const random = randomOf(SEED);
  const nowMs = Date.now();
  const dates = { nowMs, dateOf: anyDate(random, nowMs) };
  const story = reviewStory({ events, random, nextCourse: zipf(courses, random), ...dates });
  const any = { review: 0, course: 0, attempt: 0, after: 1, afterModifiedAtMs: nowMs };
  const valueBytes = await writeRecords(
    { addresses, topic, partitions: PARTITIONS },
    { story, events, courses },
    { packer: commandPacker(encode(any).readInt32BE(1)), encode },
  );
  say(
    `${events.toLocaleString('en')} commands of ${Math.round(valueBytes)} bytes over ${courses.toLocaleString('en')} courses`,
  );
  return { topic, prefix, partitions: PARTITIONS, records: events, reviews: story.reviews };
};

/** Whether the hash detector holds a review, computed anew. */
const isHeld = (course, review) =>
  toPositive(murmur2OfAscii(reviewIdOf(courseIdOf(course), userIdOf(review)))) % 100 < FRAUD_PERCENT;

const reviewNumberOf = (userId) => Number(userId.slice('user-'.length));

/** What a topic tells of each review: how many facts there are, and what the last one left. */
const toldIn = async (addresses, topic, schema, count) => {
  const codec = confluentAvro(schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL), schemaOf(schema), undefined);
  const told = {
    facts: new Uint8Array(count),
    halfStars: new Uint8Array(count),
    createdAtMs: new Float64Array(count),
  };
  const values = [];
  await readTopic(addresses, topic, ({ value }) => values.push(value));
  await codec.resolveWriters(values.slice(0, 1));
  for (const value of values) {
    const { userId, after } = codec.decode(value);
    // Days and progress are nobody's.
    if (userId === null) continue;
    const review = reviewNumberOf(userId);
    told.facts[review] += 1;
    told.halfStars[review] = after?.halfStars ?? 0;
    told.createdAtMs[review] = after?.createdAt ?? 0;
  }
  return told;
};

const isTold = ({ facts, halfStars, createdAtMs }, review, expected) =>
  facts[review] === expected.facts &&
  halfStars[review] === expected.halfStars &&
  createdAtMs[review] === expected.createdAtMs;

const NOTHING = { facts: 0, halfStars: 0, createdAtMs: 0 };

/**
 * Every command must have made one fact of its review, in the topic its review belongs to, and the last one must leave what is live.
 *
 * @throws Error on the first difference
 */
export const checkLedger = async (addresses, prefix, { reviews }) => {
  const valid = await toldIn(addresses, topicName(prefix, 'reviews-valid'), 'reviews-valid', reviews.count);
  const fraud = await toldIn(addresses, topicName(prefix, 'reviews-fraud'), 'reviews-fraud', reviews.count);
  for (let review = 0; review < reviews.count; review++) {
    const halfStars = reviews.halfStars[review];
    const expected = {
      facts: 1 + reviews.changes[review],
      halfStars,
      createdAtMs: halfStars === 0 ? 0 : reviews.createdAtMs[review],
    };
    const [mine, other] = isHeld(reviews.course[review], review) ? [fraud, valid] : [valid, fraud];
    if (!isTold(mine, review, expected) || !isTold(other, review, NOTHING))
      throw new Error(
        `${prefix}: the facts of review ${review} differ from the oracle: expected ${JSON.stringify(expected)}`,
      );
  }
};
