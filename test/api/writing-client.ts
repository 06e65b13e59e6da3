import type { Random } from '../campaign/random.js';
import { oneConnection, type Answer, type RepeatableRequest } from './one-connection.js';
import { ownReview, type OwnReview } from './own-review.js';
import { REFUSED_REQUESTS, REFUSED_ROW } from './refused-requests.js';

const REVIEWS_PER_CLIENT = 8;
const COURSES = 24;

/** What a 202 promised: this command stands there. */
export interface Promised {
  readonly reviewId: string;
  readonly position: string;
  /** Null: a withdrawal. */
  readonly content: string | null;
}

/** What clients have been told. */
export interface Told {
  readonly promised: Promised[];
  /** Answers by what was asked and status. */
  readonly answers: Map<string, number>;
  /** All of them. */
  answered: number;
  /** Requests that had to be sent more than once. */
  repeated: number;
}

/** A client that writes its own reviews, one request after the other, and asks for what must be refused. */
export interface WritingClient {
  readonly reviews: readonly OwnReview[];
  /** One request of a kind it draws, until it is answered. */
  step(): Promise<void>;
  close(): void;
}

export const writingClient = (name: string, url: string, random: Random, told: Told): WritingClient => {
  const connection = oneConnection(url);
  const reviews = Array.from({ length: REVIEWS_PER_CLIENT }, (_, index) =>
    ownReview(`course-${random.below(COURSES)}`, `${name}-${index}`),
  );
  let texts = 0;
  const newText = (): string => `text ${name} ${texts++}`;
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
  const maybeKey = (): Record<string, string> =>
    random.below(2) === 0 ? {} : { 'idempotency-key': `${name}-${random.below(1e9)}` };

  const send = async (
    kind: string,
    request: RepeatableRequest,
    isSettled?: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const answer = await connection.send(request, isSettled);
    const line = `${kind} ${answer.status}`;
    told.answers.set(line, (told.answers.get(line) ?? 0) + 1);
    told.answered += 1;
    if (answer.attempts > 1) told.repeated += 1;
    return answer;
  };

  const promise = (answer: Answer, review: OwnReview, content: string | null): void => {
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    const { reviewId, position } = JSON.parse(answer.text) as Promised;
    if (reviewId !== review.reviewId) throw new Error(`${reviewId} is not ${review.reviewId}`);
    told.promised.push({ reviewId, position, content });
  };

  const submissionOf = (
    { courseId, userId }: OwnReview,
    content: string,
    key: Record<string, string> = maybeKey(),
  ): RepeatableRequest => ({
    method: 'POST',
    path: `/v1/courses/${courseId}/reviews`,
    headers: { 'content-type': 'application/json', ...key },
    body: JSON.stringify({ userId, rating: ratingOf(content), content }),
  });
  const withdrawalOf = ({ courseId, userId }: OwnReview, key = maybeKey()): RepeatableRequest => {
    const path = `/v1/courses/${courseId}/reviews/${userId}`;
    return { method: 'DELETE', path, headers: key, body: '' };
  };

  const submit = async (kind: string, review: OwnReview, content: string, times = 1): Promise<void> => {
    const submission = submissionOf(review, content);
    for (let time = 0; time < times; time++) promise(await send(kind, submission), review, content);
    review.says(content);
  };

  const withdraw = async (review: OwnReview): Promise<void> => {
    promise(await send('withdraw', withdrawalOf(review)), review, null);
    review.withdrawn();
  };

  /** What was answered long ago is asked for again, by the same keys: it must not undo what came since. */
  const repeatLate = async (review: OwnReview): Promise<void> => {
    const [first, last] = [newText(), newText()];
    const submission = submissionOf(review, first, {
      'idempotency-key': `${name}-first-${first}`.replaceAll(' ', '-'),
    });
    const withdrawal = withdrawalOf(review, {
      'idempotency-key': `${name}-then-${first}`.replaceAll(' ', '-'),
    });
    promise(await send('submit', submission), review, first);
    review.says(first);
    promise(await send('withdraw', withdrawal), review, null);
    review.withdrawn();
    await submit('submit', review, last);
    promise(await send('submit late again', submission), review, first);
    promise(await send('withdraw late again', withdrawal), review, null);
  };

  const importSome = async (): Promise<void> => {
    const rows = Array.from({ length: 3 }, () => ({ review: pick(reviews), content: newText() }));
    const lines = rows.map(({ review: { courseId, userId }, content }) =>
      JSON.stringify({ courseId, userId, rating: ratingOf(content), content }),
    );
    const body = [lines[0], REFUSED_ROW, ...lines.slice(1)].join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const isWhole = ({ text }: Answer): boolean => text.includes('"complete":true');
    const { text } = await send(
      'import',
      { method: 'POST', path: '/v1/imports/reviews', headers, body },
      isWhole,
    );
    const [refusal, summary] = text.split('\n');
    if (!refusal?.includes('"line":2') || summary !== '{"accepted":3,"refused":1,"complete":true}')
      throw new Error(text);
    for (const { review, content } of rows) review.says(content);
  };

  const askForRefusal = async (): Promise<void> => {
    const { status, ...request } = pick(REFUSED_REQUESTS);
    const answer = await send('refused', request);
    if (answer.status !== status)
      throw new Error(`${answer.status} for ${status}: ${request.body.slice(0, 99)}`);
  };

  return {
    reviews,
    async step() {
      const review = pick(reviews);
      const draw = random.below(100);
      if (draw < 45) await submit('submit', review, newText());
      else if (draw < 55) await submit('submit the same', review, review.live ?? newText());
      else if (draw < 62) await submit('submit twice', review, newText(), 2);
      else if (draw < 77) await withdraw(review);
      else if (draw < 83) await importSome();
      else if (draw < 86) await repeatLate(review);
      else await askForRefusal();
    },
    close() {
      connection.close();
    },
  };
};

// The same text must come with the same rating, or it is not the same content.
const ratingOf = (content: string): number => (1 + (Number(/\d+$/.exec(content)?.[0]) % 10)) / 2;
