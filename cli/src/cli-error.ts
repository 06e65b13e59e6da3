/** What the shell is told. */
export type ExitCode = 1 | 2;

/** A reason to stop that the user can act on: one sentence, printed without a stack trace. */
export class CliError extends Error {
  /** 1: it failed; 2: it was asked for wrongly. */
  readonly exitCode: ExitCode;
  constructor(message: string, options: ErrorOptions & { readonly exitCode?: ExitCode } = {}) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? 1;
  }
}
