/** Names of courses, users and reviews by number, and the other way. */

const digits = (number, length) => String(number).padStart(length, '0');

export const courseIdOf = (course) => `course-${digits(course, 9)}`;
export const courseNumberOf = (courseId) => Number(courseId.slice('course-'.length));
export const courseTitleOf = (course) => `Course ${digits(course, 9)}`;
export const userIdOf = (review) => `user-${digits(review, 8)}`;
/** Shaped like a UUIDv5. Only the fraud-detector looks whether it belongs to course and user, and nothing here reaches it. */
export const reviewIdOf = (review) => `00000000-0000-5000-8000-${digits(review, 12)}`;

/** Writes a number as decimal digits over `length` bytes that end at `end`. */
export const writeDigits = (bytes, end, length, number) => {
  let rest = number;
  for (let at = end - 1; at >= end - length; at--) {
    bytes[at] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
};
