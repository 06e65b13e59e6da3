import type { Registry } from 'prom-client';
import type { ServiceConfig } from '../configuration/service-config.js';
import type { Readiness } from '../health/readiness.js';
import type { ServiceLogger } from '../logging/service-logger.js';

/** Injection token of the {@link ServiceContext}, known in every module of a service. */
export const SERVICE_CONTEXT = Symbol('ServiceContext');

/** What every part of a service may ask for. */
export interface ServiceContext<Config extends ServiceConfig = ServiceConfig> {
  /** The service's name, for example `aggregator`. */
  readonly service: string;
  readonly config: Config;
  readonly logger: ServiceLogger;
  /** Metrics registered here are shown at `/metrics`. */
  readonly metrics: Registry;
  /** Checks added here decide `/health/ready`. */
  readonly readiness: Readiness;
  /** Ends the process: for what no retry can help. Logs the error and exits with 1. */
  readonly onFatal: (error: unknown) => void;
}
