import type { DynamicModule, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger } from '../logging/nest-logger.js';
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
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: answerRouterError,
  });
  const options: Pick<NestApplicationOptions, 'logger' | 'abortOnError' | 'bodyParser'> = {
    logger: nestLogger(context.logger),
    abortOnError: false,
    // Nest would read forms too; Fastify's own reader of JSON also refuses poisoned prototypes.
    bodyParser: false,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    PlatformModule.under(context, module),
    adapter,
    options,
  );
  adapter.getInstance().removeContentTypeParser('text/plain');
  app.useGlobalFilters(new ProblemFilter(context.logger));
  return app;
};

// Errors of the router itself never reach an exception filter. Fastify's type of the reply asks for a route's schema,
// which there is none of yet.
const answerRouterError = (
  error: Error & { statusCode?: number },
  _request: unknown,
  reply: unknown,
): void => {
  replyWith(reply as ProblemReply, problemOf(error.statusCode ?? 400, error.message));
};
