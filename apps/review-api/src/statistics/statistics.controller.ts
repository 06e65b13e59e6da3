import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { notFound, notFoundYet } from '@reviews/platform';
import { ApiAnswer } from '../openapi/api-answer.js';
import { ApiProblems } from '../openapi/api-problems.js';
import { AFTER } from '../openapi/parameters.js';
import { IDENTIFIER } from '../openapi/schemas.js';
import { readFields } from '../request/read-fields.js';
import { readQuery } from '../request/read-query.js';
import { requireFields } from '../request/require-fields.js';
import { courseIdRule } from '../request/review-rules.js';
import { afterRule } from './after-rule.js';
import { CourseStatisticsReader } from './course-statistics-reader.js';
import type { CourseStatisticsResponse } from './course-statistics.response.js';

/** Answers the numbers of a course. */
@ApiTags('statistics')
@Controller('v1/courses/:courseId/statistics')
export class StatisticsController {
  constructor(private readonly reader: CourseStatisticsReader) {}

  @Get()
  @ApiOperation({
    operationId: 'readStatistics',
    summary: 'The statistics of a course, all-time and of the recent window',
  })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiQuery(AFTER)
  @ApiAnswer(200, 'CourseStatistics', 'The statistics')
  @ApiProblems(400, 404, 503)
  async statistics(
    @Param('courseId') courseId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<CourseStatisticsResponse> {
    const address = readFields({ courseId }, { courseId: courseIdRule });
    const partition = address.ok ? this.reader.partitionOf(address.value.courseId) : undefined;
    const [course, wanted] = requireFields(address, readQuery(query, { after: afterRule(partition) }));
    const { statistics, isStale } = await this.reader.read(course.courseId, wanted.after);
    if (statistics !== undefined) return isStale ? { ...statistics, stale: true } : statistics;
    // Not there is an answer, too, and may be older than what was asked for.
    const missing = `Course ${course.courseId} has no reviews`;
    throw isStale
      ? notFoundYet(`${missing}, as far as is known: the command named by after was not included in time.`)
      : notFound(`${missing}.`);
  }
}
