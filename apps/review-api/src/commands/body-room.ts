import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ProblemError, problemOf, unavailable } from '@reviews/platform';
import { NDJSON_MEDIA_TYPE } from '../imports/ndjson-body.js';
import { gathered } from '../request/gathered.js';
import { BODY_LIMITS } from '../tokens.js';

/** Limits on bodies that are held in memory until their request is answered. */
export interface BodyLimits {
  /** All of them together, in bytes as announced; a body of unknown length counts as the longest there may be. */
  readonly maxHeldBytes: number;
  /** How long one may take to come in, in milliseconds. */
  readonly timeoutMs: number;
}

/** Hundreds of the longest reviews there can be. */
export const DEFAULT_BODY_LIMITS: BodyLimits = { maxHeldBytes: 67_108_864, timeoutMs: 30_000 };

/** The longest body that is read. */
const MAX_BODY_BYTES = 1_048_576;
const RETRY_AFTER_SECONDS = 1;

/**
 * Keeps memory from growing with slow or many clients before their commands ever come to the log's queue: bodies have a
 * limit together, and a time to come in. Imports are streams and hold nothing.
 */
@Injectable()
export class BodyRoom implements OnModuleInit {
  private heldBytes = 0;

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    @Inject(BODY_LIMITS) private readonly limits: BodyLimits,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().addHook('preParsing', (request, reply, payload, done) => {
      const bytes = bodyBytesOf(request.raw);
      if (bytes === 0) {
        done();
        return;
      }
      if (this.heldBytes + bytes > this.limits.maxHeldBytes) {
        done(unavailable('Too many bodies are being read. Repeat the request.', RETRY_AFTER_SECONDS));
        return;
      }
      this.heldBytes += bytes;
      const timer = setTimeout(() => {
        timeOut(request.raw);
      }, this.limits.timeoutMs);
      request.raw.once('end', () => {
        clearTimeout(timer);
      });
      reply.raw.once('close', () => {
        clearTimeout(timer);
        this.heldBytes -= bytes;
      });
      // Who sends what and how much is announced, sends pieces of a packet each.
      done(null, request.headers['transfer-encoding'] === undefined ? payload : gathered(payload));
    });
  }
}

// Destroying the request would destroy its connection, and the answer with it. Fastify stops reading at an error, and
// closes the connection behind the answer. Where nobody listens, nobody reads, and there is an answer already: an error that
// nobody listens for ends the process.
const timeOut = (body: IncomingMessage): void => {
  if (body.listenerCount('error') > 0)
    body.emit('error', new ProblemError(problemOf(408, 'The body took too long to come in.')));
};

/** What a request's body may take; 0 for one without a body, with one that nobody reads, or with one that is read as a stream. */
const bodyBytesOf = ({ method, headers }: IncomingMessage): number => {
  if (method === 'GET' || method === 'HEAD') return 0;
  if (headers['content-type']?.toLowerCase().startsWith(NDJSON_MEDIA_TYPE) === true) return 0;
  if (headers['transfer-encoding'] !== undefined) return MAX_BODY_BYTES;
  return Math.min(Number(headers['content-length'] ?? 0), MAX_BODY_BYTES);
};
