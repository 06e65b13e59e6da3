import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { partitionOf, type CourseId, type EpochDay } from '@reviews/domain';
import { SERVICE_CONTEXT, type ServiceContext } from '@reviews/platform';
import { COURSE_SORTS, type ReadModel, type StoredCourseStatistics } from '@reviews/read-model';
import { ApiAnswer } from '../openapi/api-answer.js';
import { ApiProblems } from '../openapi/api-problems.js';
import { COURSE_SEARCH, courseSort, CURSOR, LIMIT } from '../openapi/parameters.js';
import { Cursors } from '../paging/cursors.js';
import { choiceRule, pageRules } from '../paging/page-rules.js';
import { readPage } from '../paging/read-page.js';
import { readQuery } from '../request/read-query.js';
import { requireFields } from '../request/require-fields.js';
import { whenDatabaseAnswers } from '../request/when-database-answers.js';
import type { CourseStatisticsResponse } from '../statistics/course-statistics.response.js';
import { toCourseStatistics } from '../statistics/to-course-statistics.js';
import { READ_MODEL } from '../tokens.js';
import type { CoursePageResponse } from './course-page.response.js';

const listRules = { ...pageRules, sort: choiceRule(COURSE_SORTS) } as const;

/** Answers courses with their statistics, in pages. */
@ApiTags('courses')
@Controller('v1/courses')
export class CoursesController {
  constructor(
    private readonly cursors: Cursors,
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'courses'>,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listCourses',
    summary: 'The courses that ever had a valid review, with their statistics, page by page',
    description:
      'Whoever follows `nextCursor` to its end sees each course whose numbers stay as they are exactly once, whatever is written meanwhile.',
  })
  @ApiQuery(COURSE_SEARCH)
  @ApiQuery(courseSort(COURSE_SORTS))
  @ApiQuery(LIMIT)
  @ApiQuery(CURSOR)
  @ApiAnswer(200, 'CoursePage', 'A page')
  @ApiProblems(400, 503)
  async list(@Query() query: Record<string, unknown>): Promise<CoursePageResponse> {
    const [{ q, sort, ...page }] = requireFields(readQuery(query, listRules));
    return whenDatabaseAnswers(async () => {
      // Days before the rows: the other way round, a row of yesterday could meet a day that began in between.
      const days = await this.readModel.courses.partitionDays();
      const { items, nextCursor } = await readPage(this.cursors, ['courses', q, sort], page, (rows) =>
        this.readModel.courses.page({ q, sort, ...rows }),
      );
      return { courses: items.flatMap((stored) => this.statisticsOf(stored, days)), nextCursor };
    });
  }

  private statisticsOf(
    stored: StoredCourseStatistics,
    days: ReadonlyMap<number, EpochDay>,
  ): readonly CourseStatisticsResponse[] {
    const partition = partitionOf(stored.courseId as CourseId, this.context.config.topicPartitions);
    const statistics = toCourseStatistics(stored, days.get(partition) ?? null);
    return statistics === undefined ? [] : [statistics];
  }
}
