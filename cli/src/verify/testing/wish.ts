import { contentHashOf, reviewIdOf, submissionIdOf } from '@reviews/contracts';
import type {
  Assessment,
  CourseId,
  EventTimeMs,
  HalfStars,
  ReviewCommand,
  ReviewFeatures,
  UserId,
} from '@reviews/domain';

/** What somebody asks for. */
export interface Wish {
  readonly course?: string;
  /** Users whose name begins with `held` are held, and `mixed` ones for more than 2.5 stars. */
  readonly user: string;
  /** In half stars; null withdraws. */
  readonly rating: number | null;
  readonly key?: string;
  readonly importedAtMs?: number;
  readonly title?: string;
  readonly atMs: number;
  /** Earlier users of the course to be held with this one. */
  readonly alsoHold?: readonly string[];
  /** Not readable at all. */
  readonly isPoison?: true;
  readonly redriveOrigin?: number;
}

/** The command a wish becomes; attempts without a key are all different. */
export const commandOf = (wish: Wish, index: number): ReviewCommand => {
  const courseId = (wish.course ?? 'bread-101') as CourseId;
  const userId = wish.user as UserId;
  const address = { reviewId: reviewIdOf(courseId, userId), courseId, userId };
  const key = wish.key ?? `key ${index}`;
  if (wish.rating === null) return { kind: 'withdrawn', ...address, submissionId: submissionIdOf(key, null) };
  const halfStars = wish.rating as HalfStars;
  const content = { halfStars, title: null, content: `so ${halfStars}`, importedCourseTitle: null };
  const contentHash = contentHashOf(content);
  return {
    kind: 'submitted',
    ...address,
    submissionId: submissionIdOf(key, contentHash),
    imported: wish.importedAtMs !== undefined,
    createdAtMs: (wish.importedAtMs ?? null) as EventTimeMs | null,
    contentHash,
    halfStars,
    courseTitle: wish.title ?? null,
    title: null,
    content: content.content,
  };
};

/** What the detector of these tests thinks. */
export const assessOf =
  ({ alsoHold = [] }: Wish) =>
  ({ userId, halfStars }: ReviewFeatures): Assessment => {
    const isHeld = userId.startsWith('held') || (userId.startsWith('mixed') && halfStars > 5);
    const by = { detectorName: 'by-name', detectorVersion: '1' };
    const held = { kind: 'held', score: 100, reasons: ['name'], ...by } as const;
    return {
      verdict: isHeld ? held : { kind: 'valid', score: 0, ...by },
      alsoHold: alsoHold
        .filter((user) => user !== (userId as string))
        .map((user) => ({ userId: user as UserId, verdict: held })),
    };
  };
