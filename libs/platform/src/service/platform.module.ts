import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { HealthController } from '../health/health.controller.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { SERVICE_CONTEXT, type ServiceContext } from './service-context.js';

/** What every service has: its context for all modules, health and metrics over HTTP. */
@Module({ controllers: [HealthController, MetricsController] })
export class PlatformModule {
  /** The platform with a service's own module on top. */
  static under(context: ServiceContext, service: Type | DynamicModule): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [service],
      providers: [{ provide: SERVICE_CONTEXT, useValue: context }],
      exports: [SERVICE_CONTEXT],
    };
  }
}
