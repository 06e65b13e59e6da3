import {
  isHalfStars,
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  parseCourseId,
  parseUserId,
  type ContentHash,
  type EventTimeMs,
  type PublishedReview,
  type ReviewCommand,
  type ReviewId,
  type SubmissionId,
  type SubmitReview,
} from '@reviews/domain';
import { AvroWalk } from '../avro/avro-walk.js';
import { CONFLUENT_HEADER_BYTES } from '../confluent-avro.js';
import { reviewIdOf } from '../review-id.js';
import { HASH_PATTERN, isPossibleDate } from './review-command-codec.js';

/** A command, and where in its value stands what a fact of it says in the same bytes. */
export interface PlainCommand {
  /** Course title, title and content are null when they were not asked for. */
  readonly command: ReviewCommand;
  /** Its value in `reviews`. */
  readonly bytes: Buffer;
  /** Where the lengths of the three ids stand, one behind the other. */
  readonly reviewIdAt: number;
  readonly courseIdAt: number;
  readonly userIdAt: number;
  /** Where the user id ends. */
  readonly addressEnd: number;
  /** Where course title, title and content begin, which go to the end; for a withdrawal, the end. */
  readonly textsAt: number;
}

/** Whether course title, title and content are decoded, or only checked. */
export type TextsWanted = 'decoded' | 'checked';

const SUBMITTED = 1;
const WITHDRAWN = 2;
/** What a submission has: imported, date, hash, rating and three texts, all missing. */
const NO_CONTENT = Buffer.alloc(7);

type Texts = Pick<PublishedReview, 'courseTitle' | 'title' | 'content'>;
const NO_TEXTS: Texts = { courseTitle: null, title: null, content: null };

/**
 * Reads a value of `reviews` that was written with the schema of now. Understands only what is plainly right: anything else is
 * undefined, and for `parseReviewCommandRecord` to refuse or to understand.
 */
export const readPlainCommand = (bytes: Buffer, texts: TextsWanted): PlainCommand | undefined => {
  const walk = new AvroWalk(bytes, CONFLUENT_HEADER_BYTES);
  const kind = walk.long();
  const reviewIdAt = walk.at;
  const reviewId = walk.ascii() as ReviewId;
  const courseIdAt = walk.at;
  const courseId = parseCourseId(walk.ascii());
  const userIdAt = walk.at;
  const userId = parseUserId(walk.ascii());
  const addressEnd = walk.at;
  const submissionId = walk.ascii() as SubmissionId;
  if (courseId === undefined || userId === undefined || !HASH_PATTERN.test(submissionId)) return undefined;
  if (reviewIdOf(courseId, userId) !== reviewId) return undefined;
  const address = { reviewId, courseId, userId, submissionId };
  const places = { bytes, reviewIdAt, courseIdAt, userIdAt, addressEnd };
  if (kind === WITHDRAWN)
    return walk.isSound && NO_CONTENT.equals(bytes.subarray(walk.at))
      ? { command: { kind: 'withdrawn', ...address }, ...places, textsAt: bytes.length }
      : undefined;
  const submission = readSubmission(walk);
  const textsAt = walk.at;
  for (const maxLength of TEXT_LENGTHS) walk.skipText(maxLength);
  if (kind !== SUBMITTED || submission === undefined || !walk.isComplete) return undefined;
  const read = texts === 'decoded' ? readTexts(bytes, textsAt) : NO_TEXTS;
  return { command: { kind: 'submitted', ...address, ...submission, ...read }, ...places, textsAt };
};

const TEXT_LENGTHS = [MAX_TITLE_LENGTH, MAX_TITLE_LENGTH, MAX_CONTENT_LENGTH];

type Submission = Pick<SubmitReview, 'imported' | 'createdAtMs' | 'contentHash' | 'halfStars'>;

const readSubmission = (walk: AvroWalk): Submission | undefined => {
  const imported = walk.isTrue();
  const createdAtMs = walk.isPresent() ? (walk.long() as EventTimeMs) : null;
  const contentHash = (walk.isPresent() ? walk.ascii() : '') as ContentHash;
  const halfStars = walk.isPresent() ? walk.long() : 0;
  if (!HASH_PATTERN.test(contentHash) || !isHalfStars(halfStars)) return undefined;
  if (createdAtMs !== null && !(imported && isPossibleDate(createdAtMs))) return undefined;
  return { imported, createdAtMs, contentHash, halfStars };
};

/** Of bytes that were walked over before. */
const readTexts = (bytes: Buffer, textsAt: number): Texts => {
  const walk = new AvroWalk(bytes, textsAt);
  return { courseTitle: walk.textOrNull(), title: walk.textOrNull(), content: walk.textOrNull() };
};

/** The key of the command's facts: its course id, a view of the command's bytes. */
export const courseKeyOf = ({ bytes, userIdAt, command: { courseId } }: PlainCommand): Buffer =>
  bytes.subarray(userIdAt - courseId.length, userIdAt);
