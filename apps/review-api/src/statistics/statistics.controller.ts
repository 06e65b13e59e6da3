import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { notFound } from '@reviews/platform';
import { ApiProblems } from '../openapi/api-problems.js';
import { IDENTIFIER, POSITION, schemaRef } from '../openapi/schemas.js';
import { readFields } from '../request/read-fields.js';
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
  @ApiOperation({ summary: 'The statistics of a course, all-time and of the recent window' })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiQuery({ name: 'after', required: false, schema: POSITION })
  @ApiOkResponse({ schema: schemaRef('CourseStatistics') })
  @ApiProblems(400, 404, 503)
  async statistics(
    @Param('courseId') courseId: string,
    @Query('after') after: unknown,
  ): Promise<CourseStatisticsResponse> {
    const [course] = requireFields(readFields({ courseId }, { courseId: courseIdRule }));
    const partition = this.reader.partitionOf(course.courseId);
    const [wanted] = requireFields(readFields({ after }, { after: afterRule(partition) }));
    const statistics = await this.reader.read(course.courseId, wanted.after);
    if (statistics === undefined) throw notFound(`Course ${course.courseId} has no reviews.`);
    return statistics;
  }
}
