import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { MAX_POSITION_LENGTH } from '@reviews/read-model';
import { ApiProblems } from '../openapi/api-problems.js';
import { IDENTIFIER } from '../openapi/schemas.js';
import { accept, readFields, refuse, type FieldRule } from '../request/read-fields.js';
import { readQuery } from '../request/read-query.js';
import { requireFields } from '../request/require-fields.js';
import { courseIdRule } from '../request/review-rules.js';
import { sinceOf } from './last-event-id.js';
import { LiveUpdates, type Following } from './live-updates.js';
import {
  ALL_EVENTS,
  COURSE_EVENTS,
  EVENT_STREAM,
  LAST_EVENT_ID,
  LAST_EVENT_ID_PARAMETER,
} from './live.documentation.js';

/** The part of Fastify's reply that a stream needs. */
interface StreamReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
}

/** Tells clients of statistics as they change, as Server-Sent Events. */
@ApiTags('live')
@Controller('v1')
export class LiveController {
  constructor(private readonly updates: LiveUpdates) {}

  @Get('courses/:courseId/statistics/events')
  @ApiOperation(COURSE_EVENTS)
  @ApiParam({ name: 'courseId', schema: IDENTIFIER })
  @ApiHeader(LAST_EVENT_ID)
  @ApiQuery(LAST_EVENT_ID_PARAMETER)
  @ApiOkResponse(EVENT_STREAM)
  @ApiProblems(400, 503)
  ofCourse(
    @Param('courseId') courseId: string,
    @Query() query: Record<string, unknown>,
    @Headers('last-event-id') lastEventId: unknown,
    @Req() request: { readonly method: string },
    @Res() reply: StreamReply,
  ): void {
    const [course, { lastEventId: parameter }] = requireFields(
      readFields({ courseId }, { courseId: courseIdRule }),
      readQuery(query, { lastEventId: lastEventIdRule }),
    );
    this.#answer(request, reply, { courseId: course.courseId, since: sinceOf(lastEventId, parameter) });
  }

  @Get('statistics/events')
  @ApiOperation(ALL_EVENTS)
  @ApiHeader(LAST_EVENT_ID)
  @ApiQuery(LAST_EVENT_ID_PARAMETER)
  @ApiOkResponse(EVENT_STREAM)
  @ApiProblems(400, 503)
  ofAll(
    @Query() query: Record<string, unknown>,
    @Headers('last-event-id') lastEventId: unknown,
    @Req() request: { readonly method: string },
    @Res() reply: StreamReply,
  ): void {
    const [{ lastEventId: parameter }] = requireFields(readQuery(query, { lastEventId: lastEventIdRule }));
    this.#answer(request, reply, { courseId: undefined, since: sinceOf(lastEventId, parameter) });
  }

  // From here on the answer is ours: nothing may wait for its end, compress it or compute a tag of it.
  #answer({ method }: { readonly method: string }, reply: StreamReply, following: Following): void {
    this.updates.requireRoom();
    const headers = { ...textHeaders(reply.getHeaders()), ...STREAM_HEADERS };
    reply.hijack();
    if (method === 'HEAD') reply.raw.writeHead(200, headers).end();
    else this.updates.open(reply.raw, headers, following);
  }
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // A stream ends when the service stops: a connection that is kept then would hold that up.
  connection: 'close',
  // Asks nginx to pass events on as they come.
  'x-accel-buffering': 'no',
} as const;

const textHeaders = (headers: ReturnType<StreamReply['getHeaders']>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );

const lastEventIdRule: FieldRule<string | undefined> = (value) => {
  if (value === undefined) return accept(undefined);
  return typeof value === 'string' && value.length <= MAX_POSITION_LENGTH
    ? accept(value)
    : refuse(`must be one text of at most ${MAX_POSITION_LENGTH} characters`);
};
