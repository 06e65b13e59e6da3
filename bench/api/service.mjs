/** The limit of the API's POST: a bare Fastify route that checks a submission by the same rules, and only answers. */
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  IDEMPOTENCY_KEY,
  idempotencyKeyRule,
} from '../../dist/apps/review-api/src/request/idempotency-key.js';
import { readFields } from '../../dist/apps/review-api/src/request/read-fields.js';
import { readJsonBody } from '../../dist/apps/review-api/src/request/read-json-body.js';
import { requireFields } from '../../dist/apps/review-api/src/request/require-fields.js';
import { courseIdRule, submissionRules } from '../../dist/apps/review-api/src/request/review-rules.js';

const ANSWER = {
  reviewId: '6092f241-0bc5-5671-8b81-2d004bbae013',
  submittedAt: '2026-01-01T00:00:00.000Z',
  position: 'reviews:0:0',
};

const fastify = new FastifyAdapter().getInstance();
fastify.get('/health/ready', () => ({ status: 'ready' }));
fastify.post('/v1/courses/:courseId/reviews', (request, reply) => {
  const [{ courseId }, , { userId, rating }] = requireFields(
    readFields({ courseId: request.params.courseId }, { courseId: courseIdRule }),
    readFields(
      { [IDEMPOTENCY_KEY]: request.headers['idempotency-key'] },
      { [IDEMPOTENCY_KEY]: idempotencyKeyRule },
    ),
    readJsonBody(request.body, submissionRules),
  );
  reply.code(202).send({ ...ANSWER, courseId, userId, rating: rating / 2 });
});
process.on('SIGTERM', () => process.exit(0));
await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
