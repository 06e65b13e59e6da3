import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE } from '@reviews/platform';
import { schemaRef } from './schemas.js';

/** Documents the errors a route can answer with. */
export const ApiProblems = (...statuses: readonly number[]): MethodDecorator =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: STATUS_CODES[status] ?? '',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: schemaRef('Problem') } },
        ...(status === 503 && {
          headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
        }),
      }),
    ),
  );
