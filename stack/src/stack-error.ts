export type StackErrorCode =
  | 'CONFIG_INVALID'
  | 'ALREADY_RUNNING'
  | 'PORT_IN_USE'
  | 'STATE_MISMATCH'
  | 'PART_NOT_READY'
  | 'COMMAND_FAILED';

/** A reason not to go on that the user can act on: one sentence, printed without a stack trace. */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly exitCode: number;

  constructor(code: StackErrorCode, message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'StackError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}
