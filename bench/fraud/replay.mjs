/** A course's posts through the ledger and a detector into the published statistics, as the services would do it. */
import { contentHashOf, reviewIdOf, submissionIdOf } from '../../dist/libs/contracts/src/index.js';
import {
  averageRating,
  countChange,
  dayOf,
  decide,
  emptyCourse,
  holdLater,
  parseRating,
  rollTo,
} from '../../dist/libs/domain/src/index.js';

/**
 * @param rows posts of one course in time order; a row's `createdAt` is taken for the broker's append time
 * @param detector a domain `FraudDetector`
 * @param days first and last day to tell the averages of, or null for none
 * @returns `live`: the ledger's live reviews by id; `averages`: of each day, as published at its end
 */
export const replayCourse = (rows, detector, days) => {
  const memory = new Map();
  const entries = new Map();
  const averages = [];
  let course = null;
  let nextDay = days?.first ?? 0;
  const receipt = { offset: 0, appendTimeMs: 0 };

  const tellDaysBefore = (day) => {
    for (; days !== null && nextDay < day && nextDay <= days.last; nextDay++) {
      course = course === null ? null : rollTo(course, nextDay, receipt);
      averages.push({
        allTime: course === null ? null : averageRating(course.allTime.histogram),
        recent: course === null ? null : averageRating(course.recent.histogram),
      });
    }
  };
  const publish = ({ valid }) => {
    if (valid === null) return;
    const counted = countChange(course, valid, receipt);
    if (counted === null) throw new Error('A review was taken back that was never counted');
    course = counted;
  };

  for (const [offset, row] of rows.entries()) {
    const command = commandOf(row, offset);
    const appendTimeMs = Date.parse(row.createdAt);
    const day = dayOf(appendTimeMs);
    tellDaysBefore(day);
    course = course === null ? emptyCourse(day) : rollTo(course, day, receipt);
    const decision = decide(
      entries.get(command.reviewId) ?? null,
      { command, offset, appendTimeMs, redrivenFrom: null },
      (features) => detector.assess(features, memoryOf(memory)),
    );
    entries.set(command.reviewId, decision.entry);
    publish(decision);
    for (const { userId, verdict } of decision.alsoHold) {
      const reviewId = reviewIdOf(row.courseId, userId);
      const entry = entries.get(reviewId);
      const hold = entry === undefined ? null : holdLater(entry, verdict);
      if (hold === null) continue;
      entries.set(reviewId, hold.entry);
      publish(hold);
    }
  }
  tellDaysBefore(Infinity);
  const live = [...entries].filter(([, entry]) => entry.live !== null);
  return { live: new Map(live.map(([reviewId, entry]) => [reviewId, entry.live])), averages };
};

const memoryOf = (values) => ({
  get: (key) => values.get(key),
  put: (key, value) => {
    values.set(key, value);
  },
  delete: (key) => {
    values.delete(key);
  },
});

const commandOf = (row, offset) => {
  const { courseId, userId } = row;
  const content = {
    halfStars: parseRating(row.rating),
    title: row.title ?? null,
    content: row.content ?? null,
    importedCourseTitle: null,
  };
  const contentHash = contentHashOf(content);
  return {
    kind: 'submitted',
    reviewId: reviewIdOf(courseId, userId),
    courseId,
    userId,
    submissionId: submissionIdOf(String(offset), contentHash),
    imported: false,
    createdAtMs: null,
    contentHash,
    halfStars: content.halfStars,
    courseTitle: row.courseTitle ?? null,
    title: content.title,
    content: content.content,
  };
};
