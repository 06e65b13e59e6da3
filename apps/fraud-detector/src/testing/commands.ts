import {
  confluentAvro,
  contentHashOf,
  plainFactWriter,
  plainHoldWriter,
  reviewIdOf,
  schemaOf,
  schemaTextOf,
  submissionIdOf,
  toReviewCommandRecord,
  type AvroTopic,
  type ConfluentAvro,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import {
  parseCourseId,
  parseRating,
  parseUserId,
  type FraudDetector,
  type ReviewCommand,
} from '@reviews/domain';
import { taskTestDriver, type TaskTestDriver } from '@reviews/streams/testing';
import { ledgerLogic, stores } from '../ledger-logic.js';
import type { PartitionState } from '../partition-state.js';

const TOPICS: readonly AvroTopic[] = ['reviews', 'reviews-valid', 'reviews-fraud'];
const registry = {
  schemaById: (id: number) => Promise.resolve(schemaTextOf(TOPICS[id] ?? 'reviews')),
} as SchemaRegistry;

/** A serde that has the schema it reads at hand. */
const codecOf = async <T>(topic: AvroTopic): Promise<ConfluentAvro<T>> => {
  const id = TOPICS.indexOf(topic);
  const codec = confluentAvro<T>(registry, schemaOf(topic), id);
  await codec.resolveWriters([Buffer.of(0, 0, 0, 0, id)]);
  return codec;
};

const commands = await codecOf<ReviewCommandRecord>('reviews');
export const facts = await codecOf<ReviewFactRecord>('reviews-valid');
export const holds = await codecOf<ReviewHeldRecord>('reviews-fraud');

export type FraudDetectorDriver = TaskTestDriver<typeof stores, PartitionState>;

/** The fraud-detector's logic on a log in memory; its outputs are `valid` and `fraud`. */
export const fraudDetectorDriver = (detector: FraudDetector): FraudDetectorDriver =>
  taskTestDriver({
    applicationId: 'fraud-detector',
    source: 'reviews',
    changelog: 'changelog',
    deadLetters: 'dead-letters',
    outputs: ['valid', 'fraud'],
    stores,
    logicOf: () =>
      ledgerLogic({
        detector,
        commands,
        facts,
        holds,
        plainFact: plainFactWriter(facts.header()),
        plainHold: plainHoldWriter(holds.header()),
        validTopic: 'valid',
        fraudTopic: 'fraud',
        source: { topic: 'reviews', partition: 0 },
      }),
  });

const addressOf = (user: string) => {
  const courseId = parseCourseId('course');
  const userId = parseUserId(user);
  if (courseId === undefined || userId === undefined) throw new Error(user);
  return { courseId, userId, reviewId: reviewIdOf(courseId, userId) };
};

/** A first attempt of its own each time. @param rating in stars */
export const submit = (user: string, rating: number, content: string | null = null): ReviewCommand => {
  const halfStars = parseRating(rating);
  if (halfStars === undefined) throw new Error(String(rating));
  const contentHash = contentHashOf({ halfStars, title: null, content, importedCourseTitle: null });
  return {
    kind: 'submitted',
    ...addressOf(user),
    submissionId: submissionIdOf(undefined, contentHash),
    imported: false,
    createdAtMs: null,
    contentHash,
    halfStars,
    courseTitle: null,
    title: null,
    content,
  };
};

export const withdraw = (user: string): ReviewCommand => ({
  kind: 'withdrawn',
  ...addressOf(user),
  submissionId: submissionIdOf(undefined, null),
});

export const bytesOf = (command: ReviewCommand): Buffer => commands.encode(toReviewCommandRecord(command));
