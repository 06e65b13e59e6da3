/** A reason to stop that the user can act on: one sentence, printed without a stack trace; exit code 1. */
export class CliError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
  }
}
