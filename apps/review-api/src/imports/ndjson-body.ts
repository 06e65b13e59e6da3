import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

export const NDJSON_MEDIA_TYPE = 'application/x-ndjson';

/** Hands bodies of newline-delimited JSON to their handler as they come, however long they are. */
@Injectable()
export class NdjsonBody implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().addContentTypeParser(NDJSON_MEDIA_TYPE, (_request, payload, done) => {
      done(null, payload);
    });
  }
}
