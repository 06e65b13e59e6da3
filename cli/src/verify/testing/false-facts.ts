import type { Corruption } from './false-statistics.js';
import { at, change, remove, repeat, type Loose } from './loose-record.js';
import { NOON_MS } from './wishes.js';
import type { World } from './world.js';

const lastCause = ({ valid }: World): number => valid.at(-1)?.value?.causeOffset ?? -1;
const withdrawal = ({ valid }: World) => at(valid, ({ before, after }) => before !== null && after === null);
const firstFact = ({ valid }: World) => at(valid, ({ after }) => after !== null);
const edit = ({ valid }: World) => at(valid, ({ before, after }) => before !== null && after !== null);
const idOf = (reviews: World['reviews'], index: number): string => reviews[index]?.value?.submissionId ?? '';

/** What can be wrong with commands, facts and dead letters. */
export const FALSE_FACTS: readonly Corruption[] = [
  [
    'a command without its fact',
    'lost-command',
    ({ reviews }) => {
      const offset = reviews.length - 1;
      const last = at(reviews, () => true);
      reviews.splice(offset, 0, { ...last, offset: offset - 0.5 });
      change(reviews[offset] ?? last, { submissionId: '0'.repeat(32), contentHash: '0'.repeat(32) });
    },
  ],
  [
    'an unreadable command without its letter',
    'lost-command',
    ({ letters }) => {
      letters.pop();
    },
  ],
  [
    'a dead letter twice',
    'two-outcomes',
    ({ letters }) => {
      const [letter] = letters;
      if (letter !== undefined) letters.push({ ...letter, offset: 1 });
    },
  ],
  [
    'a dead letter of no command',
    'no-command',
    ({ reviews }) => {
      remove(
        reviews,
        at(reviews, ({ halfStars }) => halfStars === 99),
      );
    },
  ],
  [
    'a record that is no dead letter',
    'unreadable',
    ({ letters }) => {
      letters.push({ offset: 1, appendTimeMs: 0, key: null, value: null, headers: {} });
    },
  ],
  [
    'a fact twice',
    'cause-order',
    (world) => {
      repeat(world.valid, firstFact(world), {});
    },
  ],
  [
    'a fact twice with a cause of its own',
    'wrong-before',
    (world) => {
      repeat(world.valid, firstFact(world), { causeOffset: lastCause(world), causeOrdinal: 9 });
    },
  ],
  [
    'a cause out of order',
    'cause-order',
    (world) => {
      change(edit(world), { causeOffset: 0, causeOrdinal: 0 });
    },
  ],
  [
    'a cause that is no command',
    'no-command',
    ({ reviews }) => {
      remove(reviews, reviews[1] as Loose<never>);
    },
  ],
  [
    'one cause in both topics',
    'cause-order',
    ({ valid, held }) => {
      const later = at(held, ({ textOffset }) => textOffset !== null);
      const twin = at(
        valid,
        ({ causeOffset, reviewId }) =>
          causeOffset === later.value.causeOffset && reviewId === later.value.reviewId,
      );
      change(later, { causeOrdinal: twin.value.causeOrdinal });
    },
  ],
  [
    'a before that never was',
    'wrong-before',
    (world) => {
      const fact = edit(world);
      change(fact, { before: { halfStars: 1, createdAt: NOON_MS, modifiedAt: NOON_MS } });
    },
  ],
  [
    'an after nobody asked for',
    'wrong-after',
    (world) => {
      const fact = firstFact(world);
      const { after } = fact.value;
      if (after !== null) change(fact, { after: { ...after, halfStars: 1 } });
    },
  ],
  [
    'a withdrawal that leaves something',
    'wrong-after',
    (world) => {
      const fact = withdrawal(world);
      const { after } = firstFact(world).value;
      change(fact, { after });
    },
  ],
  [
    'a fact of a command that changes nothing',
    'undue-change',
    ({ reviews }) => {
      const repeated = reviews[9];
      if (repeated !== undefined) change(repeated, { submissionId: idOf(reviews, 1) });
    },
  ],
  [
    'a fact about another review',
    'foreign-fact',
    (world) => {
      const fact = at(world.valid, ({ courseId, after }) => courseId === 'tea-7' && after !== null);
      change(fact, { reviewId: firstFact(world).value.reviewId });
    },
  ],
  [
    'a later hold without its withdrawal',
    'foreign-fact',
    ({ valid }) => {
      remove(
        valid,
        at(valid, ({ courseId, after }) => courseId === 'tea-7' && after === null),
      );
    },
  ],
  [
    'a later hold that says where no text is',
    'foreign-fact',
    ({ held }) => {
      change(
        at(held, ({ textOffset }) => textOffset !== null),
        { textOffset: 0 },
      );
    },
  ],
  [
    'a fact under a wrong key',
    'wrong-key',
    (world) => {
      firstFact(world).key = 'tea-7';
    },
  ],
  [
    'a fact that cannot be',
    'unreadable',
    (world) => {
      change(firstFact(world), { before: { halfStars: 11, createdAt: 0, modifiedAt: 0 } });
    },
  ],
  [
    'a fact without a value',
    'tombstone',
    ({ valid }) => {
      valid.push({ offset: valid.length, appendTimeMs: 0, key: null, value: null, headers: {} });
    },
  ],
  [
    'a day that goes back',
    'day-order',
    (world) => {
      const day = at(world.valid, ({ kind }) => kind === 'day_started');
      repeat(world.valid, day, { causeOffset: lastCause(world), causeOrdinal: 9 });
    },
  ],
  [
    'a change before the first day',
    'day-order',
    ({ valid }) => {
      remove(
        valid,
        at(valid, ({ kind }) => kind === 'day_started'),
      );
    },
  ],
];
