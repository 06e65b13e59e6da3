/** Where decisions are logged: fields first, then the message. Fits pino. */
export interface StreamLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
