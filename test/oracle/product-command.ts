import { contentHashOf, reviewIdOf } from '@reviews/contracts';
import type {
  ContentHash,
  CourseId,
  EventTimeMs,
  HalfStars,
  ReviewCommand,
  SubmissionId,
  UserId,
} from '@reviews/domain';
import type { NaiveCommand, NaiveSubmission } from './naive-story.js';

type Address = Pick<ReviewCommand, 'reviewId' | 'courseId' | 'userId'>;

const addresses = new Map<string, Map<string, Address>>();

/** The ids of a review. Digests are slow and few, so they are made once. */
export function addressOf(course: string, user: string): Address {
  const known = addresses.get(course)?.get(user);
  if (known !== undefined) return known;
  const courseId = course as CourseId;
  const userId = user as UserId;
  const address = { reviewId: reviewIdOf(courseId, userId), courseId, userId };
  addresses.set(course, (addresses.get(course) ?? new Map<string, Address>()).set(user, address));
  return address;
}

const contentHashes = new Map<string, ContentHash>();

function hashOf(submission: NaiveSubmission): ContentHash {
  const { title, content } = submission;
  const halfStars = submission.halfStars as HalfStars;
  const importedCourseTitle = submission.imported ? submission.courseTitle : null;
  const key = JSON.stringify([halfStars, title, content, importedCourseTitle]);
  const hash = contentHashes.get(key) ?? contentHashOf({ halfStars, title, content, importedCourseTitle });
  contentHashes.set(key, hash);
  return hash;
}

/** The command as the edge would have made it. */
export function toReviewCommand(command: NaiveCommand): ReviewCommand {
  const address = addressOf(command.courseId, command.userId);
  const submissionId = command.submissionId as SubmissionId;
  if (command.kind === 'withdrawn') return { kind: 'withdrawn', ...address, submissionId };
  const { imported, courseTitle, title, content } = command;
  return {
    kind: 'submitted',
    ...address,
    submissionId,
    imported,
    createdAtMs: command.createdAtMs as EventTimeMs | null,
    contentHash: hashOf(command),
    halfStars: command.halfStars as HalfStars,
    courseTitle,
    title,
    content,
  };
}
