/** Values of `reviews` packed by hand, as fact-bytes.mjs packs facts. Review ids are true ones: the fraud-detector looks. */
import { Buffer } from 'node:buffer';
import { reviewIdOf } from '../../dist/libs/contracts/src/index.js';
import { writeVarint } from '../lib/varint.mjs';
import { CONTENT, TITLE } from './fact-bytes.mjs';
import { courseIdOf, courseTitleOf, userIdOf, writeDigits } from './ids.mjs';

const HEADER_BYTES = 5;
const LONGEST = 512;
const HASH_DIGITS = 32;
const NULL = 0;
const PRESENT = 2;
const SUBMITTED = 2;
const WITHDRAWN = 4;

const hashOf = (number) => String(number).padStart(HASH_DIGITS, '0');
/** Content and attempt are new each time, so that no event is taken for one seen before. */
const attemptOf = (event) => event.review * 16 + event.attempt;

/** The command of an event of the story, as the product would have it. */
export const commandOf = (event) => {
  const address = {
    reviewId: reviewIdOf(courseIdOf(event.course), userIdOf(event.review)),
    courseId: courseIdOf(event.course),
    userId: userIdOf(event.review),
    submissionId: hashOf(attemptOf(event)),
  };
  if (event.after === 0) return { kind: 'withdrawn', ...address };
  return {
    kind: 'submitted',
    ...address,
    imported: true,
    createdAtMs: event.afterModifiedAtMs,
    contentHash: hashOf(attemptOf(event)),
    halfStars: event.after,
    courseTitle: courseTitleOf(event.course),
    title: TITLE,
    content: CONTENT,
  };
};

const textBytes = (text) => {
  const bytes = Buffer.alloc(text.length + 3);
  const start = writeVarint(bytes, 0, text.length * 2);
  return bytes.subarray(0, start + bytes.write(text, start, 'latin1'));
};

/** @param schemaId the id of the schema in the registry */
export const commandPacker = (schemaId) => {
  const bytes = Buffer.alloc(LONGEST);
  bytes.writeInt32BE(schemaId, 1);
  const courseId = textBytes(courseIdOf(0));
  const userId = textBytes(userIdOf(0));
  const hash = textBytes(hashOf(0));
  const courseTitle = textBytes(courseTitleOf(0));
  const text = Buffer.concat(
    [PRESENT, TITLE, PRESENT, CONTENT].map((part) =>
      part === PRESENT ? Buffer.from([PRESENT]) : textBytes(part),
    ),
  );
  let end = 0;

  const put = (template) => {
    end += template.copy(bytes, end);
  };
  const putNumbered = (template, length, number) => {
    put(template);
    writeDigits(bytes, end, length, number);
  };
  const putSubmission = (event) => {
    bytes[end++] = 1; // imported
    bytes[end++] = PRESENT;
    end = writeVarint(bytes, end, event.afterModifiedAtMs * 2);
    bytes[end++] = PRESENT;
    putNumbered(hash, HASH_DIGITS, attemptOf(event));
    bytes[end++] = PRESENT;
    bytes[end++] = event.after * 2;
    bytes[end++] = PRESENT;
    putNumbered(courseTitle, 9, event.course);
    put(text);
  };

  return {
    bytes,
    /** Packs the command of an event into `bytes`; returns its length. */
    pack(event) {
      end = HEADER_BYTES;
      bytes[end++] = event.after === 0 ? WITHDRAWN : SUBMITTED;
      bytes[end++] = 72; // a text of 36 characters
      end += bytes.write(reviewIdOf(courseIdOf(event.course), userIdOf(event.review)), end, 'latin1');
      putNumbered(courseId, 9, event.course);
      putNumbered(userId, 8, event.review);
      putNumbered(hash, HASH_DIGITS, attemptOf(event));
      if (event.after === 0) {
        // Not imported, and no content.
        bytes.fill(NULL, end, end + 7);
        end += 7;
      } else putSubmission(event);
      return end;
    },
  };
};
