import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BodyRoom, DEFAULT_BODY_LIMITS } from './commands/body-room.js';
import { OpeningCommandLog } from './commands/opening-command-log.js';
import { ReviewsController } from './commands/reviews.controller.js';
import { ConnectionLifeCycle } from './connection-life-cycle.js';
import { CoursesController } from './courses/courses.controller.js';
import { ImportsController } from './imports/imports.controller.js';
import { NdjsonBody } from './imports/ndjson-body.js';
import { LiveController } from './live/live.controller.js';
import { LiveUpdates } from './live/live-updates.js';
import { OpenApiController } from './openapi/open-api.controller.js';
import { Cursors } from './paging/cursors.js';
import { NoQueryGuard } from './request/no-query.guard.js';
import { ReviewReader } from './reviews/review-reader.js';
import { ReviewReadsController } from './reviews/review-reads.controller.js';
import { CourseStatisticsReader } from './statistics/course-statistics-reader.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { BODY_LIMITS } from './tokens.js';
import { CommandWaiter } from './waiting/command-waiter.js';

/** Commands in, reviews and statistics out. */
@Module({
  controllers: [
    ReviewsController,
    ReviewReadsController,
    CoursesController,
    ImportsController,
    StatisticsController,
    LiveController,
    OpenApiController,
  ],
  providers: [
    BodyRoom,
    OpeningCommandLog,
    ConnectionLifeCycle,
    CourseStatisticsReader,
    ReviewReader,
    CommandWaiter,
    LiveUpdates,
    Cursors,
    NdjsonBody,
    { provide: APP_GUARD, useClass: NoQueryGuard },
  ],
})
export class ReviewApiModule {
  /** @param connections what is behind the tokens of `tokens.ts` */
  static on(connections: readonly Provider[]): DynamicModule {
    const limits = { provide: BODY_LIMITS, useValue: DEFAULT_BODY_LIMITS };
    return { module: ReviewApiModule, providers: [limits, ...connections] };
  }
}
