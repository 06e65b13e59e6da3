import type { IncomingHttpHeaders } from 'node:http';
import compress from '@fastify/compress';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { badRequest, methodNotAllowed, notFound, ProblemError } from '../problem/problem-error.js';
import { problemOf } from '../problem/problem.js';
import { cachePolicyOf, hasVersion, REVALIDATE, UNCACHED } from './caching.js';
import { weakTagOf } from './entity-tags.js';
import { queryErrors } from './request-target.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { methodsAt, type Route } from './routes.js';

/** The part of Fastify's request that is used here. */
interface FramedRequest {
  readonly id: string;
  readonly method: string;
  readonly is404: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly url?: string | undefined };
}

/** The part of Fastify's reply that is used here. */
interface FramedReply {
  readonly statusCode: number;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  getHeader(name: string): number | string | readonly string[] | undefined;
  hasHeader(name: string): boolean;
  removeHeader(name: string): unknown;
}

/** Smaller answers gain nothing. */
const COMPRESS_FROM_BYTES = 1_024;

/**
 * What every answer has, whoever makes it: a request id, a cache policy, compression and conditional reads where they
 * help; and what no request may have. Before the routes are made.
 */
export const frameHttp = async (adapter: FastifyAdapter): Promise<void> => {
  const http = adapter.getInstance();
  const routes: Route[] = [];
  http.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    for (const method of methods) routes.push({ method, path: route.url });
    // Answers to commands are short, and that to an import is read line by line while the file is still sent.
    if (!methods.every((method) => method === 'GET' || method === 'HEAD')) route.compress = false;
    // What Fastify says here is the length before compression, which is not the one of the answer to GET.
    if (methods.includes('HEAD')) route.onSend = [route.onSend ?? [], withoutLength].flat();
  });
  http.addHook('onRequest', (request, reply, done) => {
    setFrameHeaders(request, reply);
    done(refusalOf(request, routes));
  });
  // Before compression.
  http.addHook('onSend', (request, reply, payload, done) => {
    done(null, applyCachePolicy(request, reply, payload));
  });
  await http.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: COMPRESS_FROM_BYTES,
    // A few kilobytes of a packed body could become more than a process holds.
    globalDecompression: false,
  });
};

/** Also for answers of the router itself, which runs before every hook. */
export const setFrameHeaders = (
  request: Pick<FramedRequest, 'id'>,
  reply: Pick<FramedReply, 'header'>,
): void => {
  reply.header(REQUEST_ID_HEADER, request.id);
  reply.header('x-content-type-options', 'nosniff');
};

const refusalOf = (request: FramedRequest, routes: readonly Route[]): ProblemError | undefined => {
  if (request.is404) return noRouteTo(request, routes);
  const errors = queryErrors(request.raw.url ?? '');
  if (errors.length > 0) return badRequest(errors);
  const encoding = request.headers['content-encoding'];
  return encoding === undefined || encoding === 'identity'
    ? undefined
    : new ProblemError(problemOf(415, 'The body must not be compressed.'), { 'accept-encoding': 'identity' });
};

const noRouteTo = (request: FramedRequest, routes: readonly Route[]): ProblemError => {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  const methods = methodsAt(routes, path);
  return methods.length === 0
    ? notFound('There is nothing at this address.')
    : methodNotAllowed(request.method, methods);
};

const applyCachePolicy = (request: FramedRequest, reply: FramedReply, payload: unknown): unknown => {
  const exchange = {
    method: request.method,
    status: reply.statusCode,
    cacheControl: textOf(reply.getHeader('cache-control')),
  };
  const isStream = typeof payload !== 'string' && !Buffer.isBuffer(payload);
  // Nobody asks whether what a command was answered has changed.
  const etag = isStream || !hasVersion(exchange) ? undefined : taggedWith(reply, payload);
  const policy = cachePolicyOf({ ...exchange, ifNoneMatch: request.headers['if-none-match'], etag });
  switch (policy.kind) {
    case 'uncached':
      if (!isStream) reply.removeHeader('etag');
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', UNCACHED);
      return payload;
    case 'revalidate':
      allowCaching(reply);
      return payload;
    case 'not-modified':
      allowCaching(reply);
      reply.code(304);
      reply.removeHeader('content-type');
      return '';
  }
};

/** The answer's own tag, if whoever made it gave it one. */
const taggedWith = (reply: FramedReply, payload: string | Buffer): string => {
  const given = textOf(reply.getHeader('etag'));
  if (given !== undefined) return given;
  const tag = weakTagOf(payload);
  reply.header('etag', tag);
  return tag;
};

const allowCaching = (reply: FramedReply): void => {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', REVALIDATE);
  // Also where this answer is not compressed: another client's would be.
  reply.header('vary', 'accept-encoding');
};

const withoutLength = (
  _request: unknown,
  reply: FramedReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void => {
  reply.removeHeader('content-length');
  done(null, payload);
};

const textOf = (header: number | string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
