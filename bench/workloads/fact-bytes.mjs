/**
 * Values of `reviews-valid` packed by hand: a template per event, in which numbers are patched. Millions are needed, and the codec would
 * take longer than what is measured; the first ones of each workload are compared with what the codec makes of the same fact.
 */
import { Buffer } from 'node:buffer';
import { writeVarint } from '../lib/varint.mjs';
import { courseIdOf, courseTitleOf, reviewIdOf, userIdOf, writeDigits } from './ids.mjs';

export const TITLE = 'Worth every evening';
export const CONTENT =
  'Clear lectures and fair exams, and a forum that answers within the hour. I would take it again.';
const HEADER_BYTES = 5;
const LONGEST = 400;
const NULL = 0;
const PRESENT = 2;
const REVIEW_CHANGED = 2;

/** Avro's string of ASCII, present in a union with null. */
const textBytes = (text) => {
  const bytes = Buffer.alloc(text.length + 4);
  bytes[0] = PRESENT;
  const start = writeVarint(bytes, 1, text.length * 2);
  return bytes.subarray(0, start + bytes.write(text, start, 'latin1'));
};

/** The fact of an event of the story, as the product would have it. */
export const factOf = (event, offset) => {
  const { halfStars: before, ...created } = { halfStars: event.before, createdAtMs: event.createdAtMs };
  return {
    kind: 'review-changed',
    cause: { offset, ordinal: 0 },
    reviewId: reviewIdOf(event.review),
    courseId: courseIdOf(event.course),
    userId: userIdOf(event.review),
    before: before === 0 ? null : { halfStars: before, ...created, modifiedAtMs: event.beforeModifiedAtMs },
    after:
      event.after === 0
        ? null
        : {
            halfStars: event.after,
            ...created,
            modifiedAtMs: event.afterModifiedAtMs,
            imported: true,
            courseTitle: courseTitleOf(event.course),
            title: TITLE,
            content: CONTENT,
          },
  };
};

/** @param schemaId the id of the schema in the registry */
export const factPacker = (schemaId) => {
  const bytes = Buffer.alloc(LONGEST);
  bytes.writeInt32BE(schemaId, 1);
  const reviewId = textBytes(reviewIdOf(0));
  const courseId = textBytes(courseIdOf(0));
  const userId = textBytes(userIdOf(0));
  const courseTitle = textBytes(courseTitleOf(0));
  const text = Buffer.concat([textBytes(TITLE), textBytes(CONTENT)]);
  let end = 0;

  const put = (template) => {
    end += template.copy(bytes, end);
  };
  const putNumbered = (template, length, number) => {
    put(template);
    writeDigits(bytes, end, length, number);
  };
  const putCounted = (halfStars, createdAtMs, modifiedAtMs) => {
    bytes[end++] = PRESENT;
    bytes[end++] = halfStars * 2;
    end = writeVarint(bytes, end, createdAtMs * 2);
    end = writeVarint(bytes, end, modifiedAtMs * 2);
  };

  return {
    bytes,
    /** Packs the fact of an event, caused by the command at `offset`, into `bytes`; returns its length. */
    pack(event, offset) {
      end = HEADER_BYTES;
      bytes[end++] = REVIEW_CHANGED;
      end = writeVarint(bytes, end, offset * 2);
      bytes[end++] = 0; // ordinal
      bytes[end++] = NULL; // day
      putNumbered(reviewId, 12, event.review);
      putNumbered(courseId, 9, event.course);
      putNumbered(userId, 8, event.review);
      if (event.before === 0) bytes[end++] = NULL;
      else putCounted(event.before, event.createdAtMs, event.beforeModifiedAtMs);
      if (event.after === 0) bytes[end++] = NULL;
      else {
        putCounted(event.after, event.createdAtMs, event.afterModifiedAtMs);
        bytes[end++] = 1; // imported
        putNumbered(courseTitle, 9, event.course);
        put(text);
      }
      return end;
    },
  };
};
