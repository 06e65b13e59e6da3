import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { OpeningCommandLog } from './commands/opening-command-log.js';
import { ReviewsController } from './commands/reviews.controller.js';
import { ConnectionLifeCycle } from './connection-life-cycle.js';
import { ImportsController } from './imports/imports.controller.js';
import { NdjsonBody } from './imports/ndjson-body.js';
import { OpenApiController } from './openapi/open-api.controller.js';
import { CourseStatisticsReader } from './statistics/course-statistics-reader.js';
import { StatisticsController } from './statistics/statistics.controller.js';

/** Commands in, statistics out. */
@Module({
  controllers: [ReviewsController, ImportsController, StatisticsController, OpenApiController],
  providers: [OpeningCommandLog, ConnectionLifeCycle, CourseStatisticsReader, NdjsonBody],
})
export class ReviewApiModule {
  /** @param connections what is behind the tokens of `tokens.ts` */
  static on(connections: readonly Provider[]): DynamicModule {
    return { module: ReviewApiModule, providers: [...connections] };
  }
}
