import type { DecodedRecord } from '../support/topic-records.js';
import type { OwnReview } from './own-review.js';
import { REFUSED_MARK } from './refused-requests.js';
import type { Promised } from './writing-client.js';

/** The topics after everything has settled. */
export interface WrittenTopics {
  readonly reviews: readonly DecodedRecord[];
  readonly valid: readonly DecodedRecord[];
  readonly held: readonly DecodedRecord[];
}

/** What is wrong with what was written, one sentence each; none if every promise was kept and nothing else happened. */
export const faultsOf = (
  topics: WrittenTopics,
  promised: readonly Promised[],
  reviews: readonly OwnReview[],
): readonly string[] => [
  ...brokenPromises(topics.reviews, promised),
  ...otherEffects(topics, reviews),
  ...tracesOf(topics),
];

/** What a 202 named must stand where it said. */
const brokenPromises = (
  commands: readonly DecodedRecord[],
  promised: readonly Promised[],
): readonly string[] => {
  const at = new Map(
    commands.map((record) => [`reviews:${record.partition}:${record.offset}`, record.value]),
  );
  return promised.flatMap(({ reviewId, position, content }) => {
    const found = at.get(position);
    const isThere =
      found?.['reviewId'] === reviewId &&
      found['content'] === content &&
      found['kind'] === (content === null ? 'withdrawn' : 'submitted');
    return isThere
      ? []
      : [`${position} should be ${content} of ${reviewId}, and is ${JSON.stringify(found)}`];
  });
};

/** Each review must have come to say what its client made it say: once each, in that order, in one of the two topics. */
const otherEffects = ({ valid, held }: WrittenTopics, reviews: readonly OwnReview[]): readonly string[] => {
  const facts = [...valid.filter(({ value }) => value?.['kind'] === 'review_changed'), ...held];
  const byReview = new Map<string, DecodedRecord[]>();
  for (const fact of facts) {
    const reviewId = String(fact.value?.['reviewId']);
    byReview.set(reviewId, [...(byReview.get(reviewId) ?? []), fact]);
  }
  const known = new Set(reviews.map(({ reviewId }) => reviewId));
  const strangers = [...byReview.keys()].filter((reviewId) => !known.has(reviewId));
  return [
    ...strangers.map((reviewId) => `${reviewId} is nobody's review`),
    ...reviews.flatMap(({ reviewId, effects }) => {
      const seen = (byReview.get(reviewId) ?? [])
        .toSorted((a, b) => Number(a.value?.['causeOffset']) - Number(b.value?.['causeOffset']))
        .map(({ value }) => (value?.['after'] as { content: string } | null)?.content ?? null);
      return JSON.stringify(seen) === JSON.stringify(effects)
        ? []
        : [`${reviewId} should have come to say ${effects.join(' | ')}, and said ${seen.join(' | ')}`];
    }),
  ];
};

const tracesOf = ({ reviews, valid, held }: WrittenTopics): readonly string[] => {
  const mark = Buffer.from(REFUSED_MARK).toString('hex');
  return [...reviews, ...valid, ...held]
    .filter(({ bytes, key }) => bytes.includes(mark) || key?.includes(REFUSED_MARK))
    .map(({ partition, offset }) => `A refused request left a trace at ${partition}:${offset}`);
};
