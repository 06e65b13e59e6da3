import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../configuration/service-config.js';

/** A logger of JSON lines: fields first, then the message; every line names the service. Fits `StreamLogger`. */
export type ServiceLogger = Logger;

/** @param destination where the lines go; default: standard output, written before the call returns */
export const serviceLogger = (
  service: string,
  level: LogLevel,
  destination?: DestinationStream,
): ServiceLogger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    // Synchronous, so that the last words before an exit are not lost.
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
