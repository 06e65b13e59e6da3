import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigurationError, type Environment } from '../configuration/environment.js';
import type { ServiceConfig } from '../configuration/service-config.js';
import { readiness } from '../health/readiness.js';
import { serviceLogger, type ServiceLogger } from '../logging/service-logger.js';
import { serviceMetrics } from '../metrics/service-metrics.js';
import { leaveInPeace } from './leave-in-peace.js';
import { serviceApp } from './service-app.js';
import type { ServiceContext } from './service-context.js';

/** A connection on which nothing moves in either direction for so long is cut, whatever it is in the middle of. */
const SILENCE_LIMIT_MS = 120_000;
/** A shutdown that takes longer ends the process as it is: nothing depends on a clean end. */
const SHUTDOWN_LIMIT_MS = 15_000;
const EXIT_FATAL = 1;
const EXIT_CONFIGURATION = 2;

/** A service: its name, how it reads its options, and its module. */
export interface ServiceDefinition<Config extends ServiceConfig> {
  readonly service: string;
  /** @throws ConfigurationError */
  readonly readConfig: (env: Environment) => Config;
  /** Its providers get the {@link ServiceContext} by the token `SERVICE_CONTEXT`. */
  readonly module: Type | DynamicModule;
  /** Last touches before the application listens, for example its API document. */
  readonly prepare?: (app: NestFastifyApplication, context: ServiceContext<Config>) => Promise<void> | void;
}

/**
 * Runs a service until SIGTERM or SIGINT: reads the options, starts the module, listens. On a signal HTTP stops first, in peace
 * ({@link leaveInPeace}); providers let go of what they hold in `onApplicationShutdown`, which comes after that.
 *
 * Exit codes: 0 after a signal; 2 for a wrong option, with one sentence on standard error; 1 for anything else, with the
 * reason as the last line of the log.
 */
export const startService = async <Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
): Promise<void> => {
  const context = contextOf(definition, configOrExit(definition));
  const { config, logger, onFatal } = context;
  process.on('uncaughtException', onFatal);
  process.on('unhandledRejection', onFatal);
  try {
    const app = await serviceApp(context, definition.module);
    await definition.prepare?.(app, context);
    shutDownOnSignal(leaveInPeace(app), logger);
    await app.init();
    app.getHttpServer().setTimeout(SILENCE_LIMIT_MS);
    // Fastify's own listen: Nest's logs a port that is taken a second time.
    const url = await app.getHttpAdapter().getInstance().listen({ host: config.host, port: config.port });
    logger.info({ url }, 'Listening');
  } catch (error) {
    onFatal(error);
  }
};

const configOrExit = <Config extends ServiceConfig>({
  service,
  readConfig,
}: ServiceDefinition<Config>): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${service}: ${error.message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
};

const contextOf = <Config extends ServiceConfig>(
  { service }: ServiceDefinition<Config>,
  config: Config,
): ServiceContext<Config> => {
  const logger = serviceLogger(service, config.logLevel);
  return {
    service,
    config,
    logger,
    metrics: serviceMetrics(service),
    readiness: readiness(),
    onFatal: (error) => {
      logger.fatal({ err: error }, fatalMessage(error, config));
      process.exit(EXIT_FATAL);
    },
  };
};

const fatalMessage = (error: unknown, { host, port }: ServiceConfig): string => {
  if (!(error instanceof Error)) return `Stopped: ${String(error)}`;
  return 'code' in error && error.code === 'EADDRINUSE'
    ? `Port ${port} on ${host} is taken: stop what uses it, or set PORT to another one`
    : `Stopped: ${error.message}`;
};

const shutDownOnSignal = (close: () => Promise<void>, logger: ServiceLogger): void => {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // Ctrl-C in a terminal and a launcher that passes it on may both signal.
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'Stopping');
    setTimeout(() => {
      logger.warn({ signal }, 'Stopped before everything was closed');
      process.exit(EXIT_FATAL);
    }, SHUTDOWN_LIMIT_MS).unref();
    await close();
    logger.info({ signal }, 'Stopped');
    process.exit(0);
  };
  // A failure in here is an unhandled rejection, which is fatal.
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
};
