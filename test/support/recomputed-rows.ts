import type { CourseId } from '@reviews/domain';
import { createReadModel, type ReadModel } from '@reviews/read-model';
import { recomputeStatistics, type OracleFact, type OracleStatistics } from '../oracle/naive-statistics.js';
import type { LaunchedStack } from './launched-stack.js';
import { topicRecords, type DecodedRecord } from './topic-records.js';

/** A stored row, or what it must be. */
export type Row = Readonly<Record<string, unknown>>;

/** What the table must hold: recomputed in batch from `reviews-valid` by code that shares nothing with the product. */
export const recomputedRows = async (stack: LaunchedStack): Promise<ReadonlyMap<string, Row>> => {
  const facts = await topicRecords(await stack.run(), `${stack.env['TOPIC_PREFIX'] ?? ''}reviews-valid`);
  const partitions = new Set(facts.map(({ partition }) => partition));
  const rows = [...partitions].flatMap((partition) => {
    const records = facts
      .filter((fact) => fact.partition === partition)
      .map((record) => ({
        offset: record.offset,
        appendTimeMs: record.timestampMs,
        fact: toOracleFact(record),
      }));
    return [...recomputeStatistics(records)];
  });
  return new Map(rows.map(([courseId, statistics]) => [courseId, toRow(courseId, statistics)]));
};

/** What the table holds of these courses. */
export const storedRows = async (
  stack: LaunchedStack,
  courseIds: Iterable<string>,
): Promise<ReadonlyMap<string, Row>> => {
  const readModel = await openReadModel(stack);
  try {
    const rows = new Map<string, Row>();
    for (const courseId of courseIds) {
      const row = await readModel.statistics.courseStatistics(courseId as CourseId);
      if (row !== null) rows.set(courseId, { ...row });
    }
    return rows;
  } finally {
    await readModel.close();
  }
};

/** Resolves to the number of commands each partition's stored progress covers. */
export const coveredCommands = async (
  stack: LaunchedStack,
  partitions: number,
): Promise<readonly number[]> => {
  const readModel = await openReadModel(stack);
  try {
    return await Promise.all(
      Array.from({ length: partitions }, async (_, partition) => {
        const progress = await readModel.statistics.progress(partition);
        return progress?.reviewsEnd ?? 0;
      }),
    );
  } finally {
    await readModel.close();
  }
};

const openReadModel = async (stack: LaunchedStack): Promise<ReadModel> => {
  const { databaseUrl } = await stack.run();
  return createReadModel({ databaseUrl, topicPrefix: stack.env['TOPIC_PREFIX'] ?? '' });
};

interface ChangedValue {
  readonly kind: string;
  readonly day: number;
  readonly courseId: string;
  readonly before: { readonly halfStars: number; readonly createdAt: number } | null;
  readonly after: {
    readonly halfStars: number;
    readonly createdAt: number;
    readonly imported: boolean;
    readonly courseTitle: string | null;
  } | null;
}

const toOracleFact = ({ value }: DecodedRecord): OracleFact => {
  const fact = value as unknown as ChangedValue;
  switch (fact.kind) {
    case 'review_changed':
      return {
        kind: 'review-changed',
        courseId: fact.courseId,
        before: fact.before === null ? null : counted(fact.before),
        after: fact.after === null ? null : counted(fact.after),
        courseTitle: fact.after?.courseTitle ?? null,
        imported: fact.after?.imported ?? false,
      };
    case 'day_started':
      return { kind: 'day-started', day: fact.day };
    case 'progress':
      return { kind: 'progress' };
    default:
      throw new Error(`A fact of kind ${fact.kind}`);
  }
};

const counted = ({ halfStars, createdAt }: { halfStars: number; createdAt: number }) => ({
  halfStars,
  createdAtMs: createdAt,
});

const toRow = (courseId: string, { courseTitle, allTime, recent }: OracleStatistics): Row => {
  const { histogram, lastReviewAtMs, version, updatedAtMs } = allTime;
  return { courseId, courseTitle, allTime: { histogram, lastReviewAtMs, version, updatedAtMs }, recent };
};
