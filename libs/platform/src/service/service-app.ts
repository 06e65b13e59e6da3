import type { IncomingMessage } from 'node:http';
import type { DynamicModule, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger } from '../logging/nest-logger.js';
import { clientErrors } from '../http/answer-client-error.js';
import { UNCACHED } from '../http/caching.js';
import { frameHttp, setFrameHeaders } from '../http/http-frame.js';
import { readJson } from '../http/read-json.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../http/request-id.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { replyWith, type ProblemReply } from '../problem/problem-reply.js';
import { problemOf } from '../problem/problem.js';
import { PlatformModule } from './platform.module.js';
import type { ServiceContext } from './service-context.js';

/** Bodies larger than this are refused with 413, except those a service reads as a stream. */
const BODY_LIMIT_BYTES = 1_048_576;
/** Longer than any line Node accepts, so that an id that is too long meets our rule and not the router's. */
const MAX_PARAMETER_LENGTH = 16_384;

/** The Nest application of a service, not yet listening. Errors of every kind leave it as problem+json. */
export const serviceApp = async (
  context: ServiceContext,
  module: Type | DynamicModule,
): Promise<NestFastifyApplication> => {
  const broken = clientErrors();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: answerRouterError,
    clientErrorHandler: broken.answer,
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers[REQUEST_ID_HEADER]),
    // Ours is a problem, as every error is: leaveInPeace.
    return503OnClosing: false,
  });
  const options: Pick<NestApplicationOptions, 'logger' | 'abortOnError' | 'bodyParser'> = {
    logger: nestLogger(context.logger),
    abortOnError: false,
    // Nest would read forms too; we read JSON: readJson.
    bodyParser: false,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    PlatformModule.under(context, module),
    adapter,
    options,
  );
  broken.watch(adapter.getInstance().server);
  adapter.getInstance().removeContentTypeParser('text/plain');
  readJson(adapter);
  await frameHttp(adapter);
  app.useGlobalFilters(new ProblemFilter(context.logger));
  return app;
};

// Errors of the router itself never reach a hook or an exception filter. Fastify's types ask for a route's schema, which
// there is none of yet.
const answerRouterError = (
  error: Error & { statusCode?: number },
  request: { readonly id: string },
  reply: unknown,
): void => {
  setFrameHeaders(request, reply as ProblemReply);
  (reply as ProblemReply).header('cache-control', UNCACHED);
  replyWith(reply as ProblemReply, problemOf(error.statusCode ?? 400, error.message));
};
