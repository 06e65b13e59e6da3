import { Controller, Get, Header, Inject } from '@nestjs/common';
import prometheus from 'prom-client';
import { UNCACHED } from '../http/caching.js';
import { SERVICE_CONTEXT, type ServiceContext } from '../service/service-context.js';

/** Metrics in Prometheus's text format. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Header('cache-control', UNCACHED)
  @Header('content-type', prometheus.Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.context.metrics.metrics();
  }
}
