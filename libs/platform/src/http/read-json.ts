import { isUtf8 } from 'node:buffer';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { badRequest } from '../problem/problem-error.js';

const JSON_MEDIA_TYPE = 'application/json';

/** Reads JSON as Fastify does, which also refuses poisoned prototypes; but what is not UTF-8 is refused, not mended. */
export const readJson = (adapter: FastifyAdapter): void => {
  const http = adapter.getInstance();
  const parse = http.getDefaultJsonParser('error', 'error');
  http.removeContentTypeParser(JSON_MEDIA_TYPE);
  http.addContentTypeParser<Buffer>(JSON_MEDIA_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body)) void parse(request, body.toString(), done);
    else done(badRequest([{ field: 'body', reason: 'body is not UTF-8' }]));
  });
};
