import { partitionOf, type CourseId } from '@reviews/domain';
import { createReadModel, openCrossCheck, type CrossCheck, type StoredProgress } from '@reviews/read-model';
import { byCourse, type Publication } from './published/publication.js';
import { ofRow, TABLE_PLACES, type PublishedStatistic } from './published/published-statistic.js';

const NOTHING: StoredProgress = { reviewsEnd: 0, reviewsValidEnd: 0, day: null };

/** The tables of an installation, as far as they are compared. */
export interface VerifyTables {
  /** Commands the tables include, by partition. */
  coveredCommands(): Promise<readonly number[]>;
  /** What the tables say, by partition. */
  publications(): Promise<readonly Publication[]>;
  /** Whether the table of reviews adds up to that of statistics. */
  crossCheck(courses?: readonly string[]): Promise<CrossCheck>;
  close(): Promise<void>;
}

/** Connects when it is first asked something. */
export const openVerifyTables = (
  databaseUrl: string,
  topicPrefix: string,
  partitions: number,
): VerifyTables => {
  const readModel = createReadModel({ databaseUrl, topicPrefix, poolSize: 1 });
  const progress = async (): Promise<readonly StoredProgress[]> => {
    const found: StoredProgress[] = [];
    for (let partition = 0; partition < partitions; partition++)
      found.push((await readModel.statistics.progress(partition)) ?? NOTHING);
    return found;
  };
  return {
    coveredCommands: async () => (await progress()).map(({ reviewsEnd }) => reviewsEnd),
    async publications() {
      // Progress before the rows, which then include at least that much.
      const covered = await progress();
      const statistics: PublishedStatistic[][] = covered.map(() => []);
      for await (const rows of readModel.allCourseStatistics())
        for (const row of rows)
          statistics[partitionOf(row.courseId as CourseId, partitions)]?.push(...ofRow(row));
      return covered.map(({ reviewsValidEnd, day }, partition) => ({
        places: TABLE_PLACES,
        end: reviewsValidEnd,
        sweptDay: day,
        statistics: byCourse(statistics[partition] ?? []),
      }));
    },
    async crossCheck(courses) {
      const open = await openCrossCheck({ databaseUrl, topicPrefix });
      try {
        return await open.check(courses);
      } finally {
        await open.close();
      }
    },
    close: () => readModel.close(),
  };
};
