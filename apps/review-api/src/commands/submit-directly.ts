import { HttpStatus } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IDEMPOTENCY_KEY } from '../request/idempotency-key.js';
import { refuseQuery } from '../request/refuse-query.js';
import { ReviewsController } from './reviews.controller.js';

const SUBMIT_PATH = '/v1/courses/:courseId/reviews';
const IDEMPOTENCY_HEADER = IDEMPOTENCY_KEY.toLowerCase();

/**
 * Lets Fastify call the controller for a submission, the one request that comes by the thousand: guards, arguments and the
 * promises of Nest's pipeline took a sixth of its time. Nest describes the route and makes it; hooks, limits and errors are
 * those of all routes. Before the routes are made.
 */
export const submitDirectly = (app: NestFastifyApplication): void => {
  const controller = app.get(ReviewsController, { strict: false });
  const http = app.getHttpAdapter().getInstance();
  http.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || route.url !== SUBMIT_PATH) return;
    route.handler = async (request, reply) => {
      refuseQuery(request);
      const { courseId } = request.params as { readonly courseId: string };
      // As Nest does where a parameter of the path is empty: there is no such address.
      if (courseId === '') {
        reply.callNotFound();
        return reply;
      }
      // Several of a name come as one text, as all headers but cookies do.
      const idempotencyKey = request.headers[IDEMPOTENCY_HEADER] as string | undefined;
      reply.code(HttpStatus.ACCEPTED);
      return controller.submit(courseId, idempotencyKey, request.body);
    };
  });
};
