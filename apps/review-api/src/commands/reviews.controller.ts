import { Body, Controller, Delete, Headers, HttpCode, HttpStatus, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { formatCommandPosition } from '@reviews/contracts';
import { toRating } from '@reviews/domain';
import { ApiProblems } from '../openapi/api-problems.js';
import { IDEMPOTENCY_KEY_SCHEMA, IDENTIFIER, schemaRef } from '../openapi/schemas.js';
import { IDEMPOTENCY_KEY, idempotencyKeyRule } from '../request/idempotency-key.js';
import { readFields } from '../request/read-fields.js';
import { readJsonBody } from '../request/read-json-body.js';
import { requireFields } from '../request/require-fields.js';
import { courseIdRule, submissionRules, userIdRule } from '../request/review-rules.js';
import type { SubmittedReviewResponse, WithdrawnReviewResponse } from './command.response.js';
import type { AppendedCommand, CommandLog } from './command-log.js';
import { toUnavailable } from './command-unavailable.js';
import { OpeningCommandLog } from './opening-command-log.js';
import { submitReview, withdrawReview } from './review-commands.js';

const IDEMPOTENCY_HEADER = {
  name: IDEMPOTENCY_KEY,
  required: false,
  description: 'Names this attempt: the same key with the same content counts once.',
  schema: IDEMPOTENCY_KEY_SCHEMA,
} as const;

/** Takes reviews and withdrawals. Whatever is answered with 202 is in the log. */
@ApiTags('reviews')
@Controller('v1/courses/:courseId/reviews')
export class ReviewsController {
  constructor(@Inject(OpeningCommandLog) private readonly commandLog: CommandLog) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    operationId: 'submitReview',
    summary: 'Submit a review, or replace the one this user has on the course',
  })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiHeader(IDEMPOTENCY_HEADER)
  @ApiBody({ schema: schemaRef('SubmitReview') })
  @ApiAcceptedResponse({ schema: schemaRef('SubmittedReview') })
  @ApiProblems(400, 408, 413, 415, 503)
  async submit(
    @Param('courseId') courseId: string,
    @Headers(IDEMPOTENCY_KEY) idempotencyKey: string | undefined,
    @Body() body: unknown,
  ): Promise<SubmittedReviewResponse> {
    const [address, header, fields] = requireFields(
      readFields({ courseId }, { courseId: courseIdRule }),
      readFields({ [IDEMPOTENCY_KEY]: idempotencyKey }, { [IDEMPOTENCY_KEY]: idempotencyKeyRule }),
      readJsonBody(body, submissionRules),
    );
    const command = submitReview({ ...address, ...fields }, header[IDEMPOTENCY_KEY]);
    const { position, appendTimeMs } = await this.append(command);
    return {
      reviewId: command.reviewId,
      courseId: command.courseId,
      userId: command.userId,
      rating: toRating(command.halfStars),
      submittedAt: new Date(appendTimeMs).toISOString(),
      position: formatCommandPosition(position),
    };
  }

  @Delete(':userId')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    operationId: 'withdrawReview',
    summary: "Withdraw the user's review on the course, if there is one",
  })
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiParam({ name: 'userId', schema: IDENTIFIER })
  @ApiHeader(IDEMPOTENCY_HEADER)
  @ApiAcceptedResponse({ schema: schemaRef('WithdrawnReview') })
  @ApiProblems(400, 408, 413, 415, 503)
  async withdraw(
    @Param('courseId') courseId: string,
    @Param('userId') userId: string,
    @Headers(IDEMPOTENCY_KEY) idempotencyKey: string | undefined,
  ): Promise<WithdrawnReviewResponse> {
    const [address, header] = requireFields(
      readFields({ courseId, userId }, { courseId: courseIdRule, userId: userIdRule }),
      readFields({ [IDEMPOTENCY_KEY]: idempotencyKey }, { [IDEMPOTENCY_KEY]: idempotencyKeyRule }),
    );
    const command = withdrawReview(address.courseId, address.userId, header[IDEMPOTENCY_KEY]);
    const { position } = await this.append(command);
    return { reviewId: command.reviewId, position: formatCommandPosition(position) };
  }

  private async append(command: Parameters<CommandLog['append']>[0]): Promise<AppendedCommand> {
    try {
      return await this.commandLog.append(command);
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
