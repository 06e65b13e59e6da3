import { type LogLevel } from './config.js';

/** The level the Java parts log at. Theirs below INFO would drown a disk, and is about them, not about reviews. */
export function javaLogLevel(level: LogLevel): string {
  switch (level) {
    case 'fatal':
      return 'FATAL';
    case 'error':
      return 'ERROR';
    case 'warn':
      return 'WARN';
    case 'info':
    case 'debug':
    case 'trace':
      return 'INFO';
  }
}
