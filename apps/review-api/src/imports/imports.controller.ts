import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  HttpCode,
  HttpStatus,
  Inject,
  Post,
  StreamableFile,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  ProblemError,
  problemOf,
  SERVICE_CONTEXT,
  unavailable,
  type ServiceContext,
} from '@reviews/platform';
import type { CommandLog } from '../commands/command-log.js';
import { OpeningCommandLog } from '../commands/opening-command-log.js';
import { ApiProblems } from '../openapi/api-problems.js';
import { importAnswer } from './import-answer.js';
import type { ImportContext } from './import-reviews.js';
import { NDJSON_MEDIA_TYPE } from './ndjson-body.js';

const DESCRIPTION =
  `A row is the body of a submission with \`courseId\`, and optionally \`createdAt\` (RFC 3339, from 2000-01-01 to 24 h
ahead) and \`submissionId\` (works like an Idempotency-Key). The answer is one line \`{line, reason, field}\` per refused row while the file
comes in, and at the end \`{accepted, refused, complete}\`; \`complete\` is false when Kafka was lost midway or the service stops. A
file imported twice changes nothing.`.replaceAll('\n', ' ');

/** Each holds up to a line of 1 MiB and the rows it waits for: so that memory is bounded, however many come. */
export const MAX_IMPORTS = 32;
const RETRY_AFTER_SECONDS = 5;

/** Takes whole files of reviews. */
@ApiTags('imports')
@Controller('v1/imports')
export class ImportsController implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private underWay = 0;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(OpeningCommandLog) private readonly commandLog: CommandLog,
  ) {}

  /** Comes before HTTP waits for the requests under way: imports of hours among them. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  @Post('reviews')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Import reviews, one JSON object per line', description: DESCRIPTION })
  @ApiConsumes(NDJSON_MEDIA_TYPE)
  @ApiProduces(NDJSON_MEDIA_TYPE)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems(400, 415, 503)
  importReviews(@Body() body: unknown): StreamableFile {
    if (!(body instanceof Readable)) {
      throw new ProblemError(problemOf(415, `The body must be ${NDJSON_MEDIA_TYPE}.`));
    }
    if (this.underWay >= MAX_IMPORTS)
      throw unavailable(`${MAX_IMPORTS} imports are under way, which is the limit.`, RETRY_AFTER_SECONDS);
    const { logger } = this.context;
    const context: ImportContext = {
      appendInBulk: (commands) => this.commandLog.appendInBulk(commands),
      onStopped: (error) => {
        logger.warn({ err: error }, 'Import stopped before its end');
      },
      nowMs: () => Date.now(),
    };
    const answer = importAnswer(body, context, this.stopping.signal);
    this.underWay += 1;
    answer.once('close', () => {
      this.underWay -= 1;
    });
    return new StreamableFile(answer, { type: NDJSON_MEDIA_TYPE });
  }
}
