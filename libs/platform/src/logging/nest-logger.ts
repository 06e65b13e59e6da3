import type { LoggerService } from '@nestjs/common';
import type { ServiceLogger } from './service-logger.js';

/** Nest's own log entries as JSON lines. What it calls `log` (each route, each module) is debug to us. */
export const nestLogger = (logger: ServiceLogger): LoggerService => ({
  log(message: unknown, ...rest: unknown[]) {
    logger.debug(componentOf(rest), textOf(message));
  },
  warn(message: unknown, ...rest: unknown[]) {
    logger.warn(componentOf(rest), textOf(message));
  },
  error(message: unknown, ...rest: unknown[]) {
    logger.error(
      { ...componentOf(rest), ...(message instanceof Error && { err: message }) },
      textOf(message),
    );
  },
});

// Nest passes the name of the class that logs last, and before it, or in its place, a stack.
const componentOf = (rest: readonly unknown[]): { component?: string; stack?: string } => {
  const texts = rest.filter((part) => typeof part === 'string');
  const stack = texts.find((text) => text.includes('\n'));
  const component = texts.findLast((text) => !text.includes('\n'));
  return { ...(component !== undefined && { component }), ...(stack !== undefined && { stack }) };
};

const textOf = (message: unknown): string => (message instanceof Error ? message.message : String(message));
