import type { CourseId } from '@reviews/domain';
import { createReadModel, type ReadModel } from '@reviews/read-model';
import { naiveCourses, type NaiveRecord, type NaiveStatistics } from '../oracle/naive-statistics.js';
import type { LaunchedStack } from './launched-stack.js';
import { topicRecords, type DecodedRecord } from './topic-records.js';

/** A stored row, or what it must be. */
export type Row = Readonly<Record<string, unknown>>;

/** What the table must hold: recomputed in batch from `reviews-valid` by code that shares nothing with the product. */
export const recomputedRows = async (stack: LaunchedStack): Promise<ReadonlyMap<string, Row>> => {
  const facts = await topicRecords(await stack.run(), `${stack.env['TOPIC_PREFIX'] ?? ''}reviews-valid`);
  const partitions = new Set(facts.map(({ partition }) => partition));
  const rows = [...partitions].flatMap((partition) => {
    const courses = naiveCourses();
    for (const record of facts)
      if (record.partition === partition) for (const naive of toNaiveRecords(record)) courses.append(naive);
    return courses.courseIds().map((courseId) => toRow(courseId, courses.statistics(courseId)));
  });
  return new Map(rows.map((row) => [String(row['courseId']), row]));
};

/** What the table holds of these courses. */
export const storedRows = (
  stack: LaunchedStack,
  courseIds: Iterable<string>,
): Promise<ReadonlyMap<string, Row>> =>
  withReadModel(stack, async (readModel) => {
    const rows = new Map<string, Row>();
    for (const courseId of courseIds) {
      const row = await readModel.statistics.courseStatistics(courseId as CourseId);
      if (row !== null) rows.set(courseId, { ...row });
    }
    return rows;
  });

/** Does something with the tables of a stack. */
export const withReadModel = async <T>(
  stack: LaunchedStack,
  work: (readModel: ReadModel) => Promise<T>,
): Promise<T> => {
  const { databaseUrl } = await stack.run();
  const readModel = createReadModel({ databaseUrl, topicPrefix: stack.env['TOPIC_PREFIX'] ?? '' });
  try {
    return await work(readModel);
  } finally {
    await readModel.close();
  }
};

/** Resolves to the number of commands each partition's stored progress covers. */
export const coveredCommands = (readModel: ReadModel, partitions: number): Promise<readonly number[]> =>
  Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const progress = await readModel.statistics.progress(partition);
      return progress?.reviewsEnd ?? 0;
    }),
  );

interface ChangedValue {
  readonly kind: string;
  readonly day: number;
  readonly courseId: string;
  readonly userId: string;
  readonly before: { readonly halfStars: number; readonly createdAt: number } | null;
  readonly after: {
    readonly halfStars: number;
    readonly createdAt: number;
    readonly imported: boolean;
    readonly courseTitle: string | null;
  } | null;
}

/** One record; none for progress, which changes no number. */
const toNaiveRecords = ({ offset, timestampMs, value }: DecodedRecord): readonly NaiveRecord[] => {
  const fact = value as unknown as ChangedValue;
  const receipt = { offset, appendTimeMs: timestampMs };
  switch (fact.kind) {
    case 'review_changed': {
      const { courseId, userId } = fact;
      const before = fact.before === null ? null : counted(fact.before);
      const after =
        fact.after === null
          ? null
          : { ...counted(fact.after), courseTitle: fact.after.courseTitle, imported: fact.after.imported };
      return [{ kind: 'review-changed', ...receipt, courseId, userId, before, after }];
    }
    case 'day_started':
      return [{ kind: 'day-started', ...receipt, day: fact.day }];
    case 'progress':
      return [];
    default:
      throw new Error(`A fact of kind ${fact.kind}`);
  }
};

const counted = ({ halfStars, createdAt }: { halfStars: number; createdAt: number }) => ({
  halfStars,
  createdAtMs: createdAt,
});

const toRow = (courseId: string, statistics: NaiveStatistics | null): Row => {
  if (statistics === null) throw new Error(`${courseId} was never counted`);
  const { courseTitle, allTime, recent } = statistics;
  const { histogram, lastReviewAtMs, version, updatedAtMs } = allTime;
  return { courseId, courseTitle, allTime: { histogram, lastReviewAtMs, version, updatedAtMs }, recent };
};
