import { describe, expect, it } from '@jest/globals';
import { isAcceptable, reviewFile, type ReviewRow } from '../support/review-rows.js';
import { differentRecord, differentStatistics } from './difference.js';
import { DAY_MS } from './naive-statistics.js';
import { naivePartition } from './naive-partition.js';
import type { NaiveSubmission } from './naive-story.js';
import { productPartition } from './product-partition.js';

const { description, rows, expected } = reviewFile();
const accepted = rows.filter(isAcceptable);
const courseIds = [...new Set(accepted.map(({ courseId }) => courseId))];
const dayOfRow = ({ createdAt }: ReviewRow): number => Math.floor(Date.parse(createdAt) / DAY_MS);
const firstDay = Math.min(...accepted.map(dayOfRow));
/** Every review has left the window by then. */
const lastDay = Date.UTC(2024, 11, 31) / DAY_MS;

describe(`${description}, replayed in time order`, () => {
  const oracle = naivePartition();
  const product = productPartition();

  it('have the statistics of a naive recomputation, in every course on every day', () => {
    const waiting = [...accepted];
    const compared = { facts: 0, holds: 0 };
    let offset = 0;
    let courseDays = 0;
    for (let day = firstDay; day <= lastDay; day++) {
      for (const partition of [oracle, product]) partition.idle(day * DAY_MS);
      while (product.sweepOne());
      for (const row of waiting.splice(0, rowsUntil(waiting, day))) {
        const command = commandOf(row, offset++);
        oracle.append(command);
        product.append(command);
      }
      expect(differentRecord(oracle, product, compared)).toBeNull();
      expect(differentStatistics(oracle, product, courseIds)).toBeNull();
      courseDays += courseIds.length;
    }
    process.stdout.write(
      `${courseDays} course-days compared: ${courseIds.length} courses, ${lastDay - firstDay + 1} days\n`,
    );
    expect(courseDays).toBe(courseIds.length * (lastDay - firstDay + 1));
  });

  it('end where the file says they must', () => {
    for (const { courseId, count, halfStarCounts, lastReviewAt } of expected) {
      const allTime = product.course(courseId)?.allTime;
      expect({ courseId, histogram: allTime?.histogram ?? new Array(10).fill(0) }).toEqual({
        courseId,
        histogram: halfStarCounts,
      });
      expect(allTime?.histogram.reduce((sum, some) => sum + some, 0) ?? 0).toBe(count);
      expect(allTime?.lastReviewAtMs ?? null).toBe(lastReviewAt === null ? null : Date.parse(lastReviewAt));
    }
  });
});

/** How many of these rows, which are in time order, are not later than the day. */
function rowsUntil(rows: readonly ReviewRow[], day: number): number {
  const later = rows.findIndex((row) => dayOfRow(row) > day);
  return later === -1 ? rows.length : later;
}

function commandOf(row: ReviewRow, offset: number): NaiveSubmission {
  const createdAtMs = Date.parse(row.createdAt);
  return {
    kind: 'submitted',
    offset,
    appendTimeMs: createdAtMs,
    courseId: row.courseId,
    userId: row.userId,
    submissionId: offset.toString(16).padStart(32, '0'),
    redrivenFrom: null,
    halfStars: row.rating * 2,
    title: null,
    content: row.content,
    courseTitle: row.courseTitle,
    imported: true,
    createdAtMs,
    held: false,
    alsoHold: [],
  };
}
