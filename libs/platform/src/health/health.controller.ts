import { Controller, Get, Header, HttpStatus, Inject, Res } from '@nestjs/common';
import { UNCACHED } from '../http/caching.js';
import { SERVICE_CONTEXT, type ServiceContext } from '../service/service-context.js';

/** The part of Fastify's reply that is used here. */
interface StatusReply {
  status(code: number): unknown;
}

/** Liveness and readiness. */
@Controller('health')
export class HealthController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('live')
  @Header('cache-control', UNCACHED)
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('ready')
  @Header('cache-control', UNCACHED)
  async ready(@Res({ passthrough: true }) reply: StatusReply): Promise<object> {
    const report = await this.context.readiness.report();
    reply.status(report.status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }
}
