import { createHash } from 'node:crypto';

const NAMESPACE = Buffer.from('5b0c6c1e4a555d0f9d0e6a3c1f2b7e90', 'hex');

/** A review only one client writes, one request after the other: so it is known what must become of it. */
export interface OwnReview {
  readonly courseId: string;
  readonly userId: string;
  readonly reviewId: string;
  /** What it says now; null while there is none. */
  readonly live: string | null;
  /** What it came to say, in order; null: it was withdrawn. */
  readonly effects: readonly (string | null)[];
  /** The request is answered: from now on it says this. */
  says(content: string): void;
  withdrawn(): void;
}

export const ownReview = (courseId: string, userId: string): OwnReview => {
  const effects: (string | null)[] = [];
  let live: string | null = null;
  const becomes = (next: string | null): void => {
    // The same again is nothing, and so is a withdrawal of nothing.
    if (next === live) return;
    live = next;
    effects.push(next);
  };
  return {
    courseId,
    userId,
    reviewId: uuidV5(`${courseId}/${userId}`),
    get live() {
      return live;
    },
    effects,
    says: becomes,
    withdrawn() {
      becomes(null);
    },
  };
};

const uuidV5 = (name: string): string => {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
