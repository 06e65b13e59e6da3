import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { CourseId, HalfStars } from '@reviews/domain';
import { notFound, notFoundYet } from '@reviews/platform';
import { REVIEW_SORTS, type ReadModel, type ReviewSort } from '@reviews/read-model';
import { ApiAnswer } from '../openapi/api-answer.js';
import { ApiProblems } from '../openapi/api-problems.js';
import { AFTER, CURSOR, LIMIT, REVIEW_SEARCH, reviewSort, STARS } from '../openapi/parameters.js';
import { IDENTIFIER } from '../openapi/schemas.js';
import { Cursors } from '../paging/cursors.js';
import { choiceRule, pageRules } from '../paging/page-rules.js';
import { readPage } from '../paging/read-page.js';
import { readFields } from '../request/read-fields.js';
import { readQuery } from '../request/read-query.js';
import { requireFields } from '../request/require-fields.js';
import { courseIdRule, userIdRule } from '../request/review-rules.js';
import { whenDatabaseAnswers } from '../request/when-database-answers.js';
import { afterRule } from '../statistics/after-rule.js';
import { READ_MODEL } from '../tokens.js';
import { ReviewReader } from './review-reader.js';
import type { ReviewPageResponse, ReviewResponse } from './review.response.js';
import { starsRule } from './stars-rule.js';
import { toPublishedReview } from './to-review.js';

const listRules = { ...pageRules, stars: starsRule, sort: choiceRule(REVIEW_SORTS) } as const;

/** Answers reviews: one by its address, the published ones of a course in pages. */
@ApiTags('reviews')
@Controller('v1/courses/:courseId/reviews')
export class ReviewReadsController {
  constructor(
    private readonly reader: ReviewReader,
    private readonly cursors: Cursors,
    @Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'reviews'>,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listReviews',
    summary: 'The published reviews of a course, page by page',
    description:
      'A course nobody has reviewed has an empty list. Whoever follows `nextCursor` to its end sees each review that stays as it is exactly once, whatever is written meanwhile.',
  })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiQuery(STARS)
  @ApiQuery(REVIEW_SEARCH)
  @ApiQuery(reviewSort(REVIEW_SORTS))
  @ApiQuery(LIMIT)
  @ApiQuery(CURSOR)
  @ApiAnswer(200, 'ReviewPage', 'A page')
  @ApiProblems(400, 503)
  async list(
    @Param('courseId') courseId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<ReviewPageResponse> {
    const [address, wanted] = requireFields(
      readFields({ courseId }, { courseId: courseIdRule }),
      readQuery(query, listRules),
    );
    const { q, sort, stars: halfStars, ...page } = wanted;
    const list = { courseId: address.courseId, q, sort, halfStars };
    const { items, nextCursor } = await whenDatabaseAnswers(() =>
      readPage(this.cursors, scopeOf(list), page, (rows) =>
        this.readModel.reviews.page({ ...list, ...rows }),
      ),
    );
    return { reviews: items.map(toPublishedReview), nextCursor };
  }

  @Get(':userId')
  @ApiOperation({
    operationId: 'readReview',
    summary: "The user's review on the course, with its status",
    description:
      'published: it counts. held: it is kept back as possible fraud, and the verdict says why. withdrawn: it was taken back, and nothing of its content is told.',
  })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiParam({ name: 'userId', schema: IDENTIFIER })
  @ApiQuery(AFTER)
  @ApiAnswer(200, 'Review', 'The review')
  @ApiProblems(400, 404, 503)
  async review(
    @Param('courseId') courseId: string,
    @Param('userId') userId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<ReviewResponse & { readonly stale?: true }> {
    const address = readFields({ courseId, userId }, { courseId: courseIdRule, userId: userIdRule });
    const partition = address.ok ? this.reader.partitionOf(address.value.courseId) : undefined;
    const [ids, { after }] = requireFields(address, readQuery(query, { after: afterRule(partition) }));
    const { review, isStale } = await this.reader.read(ids.courseId, ids.userId, after);
    if (review !== undefined) return isStale ? { ...review, stale: true } : review;
    const missing = `User ${ids.userId} has never reviewed course ${ids.courseId}`;
    throw isStale
      ? notFoundYet(`${missing}, as far as is known: the command named by after was not included in time.`)
      : notFound(`${missing}.`);
  }
}

const scopeOf = (list: {
  readonly courseId: CourseId;
  readonly q: string | null;
  readonly sort: ReviewSort;
  readonly halfStars: readonly HalfStars[] | null;
}): readonly unknown[] => ['reviews', list.courseId, list.q, list.sort, list.halfStars];
