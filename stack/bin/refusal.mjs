/** A reason not to go on that the user can act on: one sentence, printed without a stack trace. */
export class Refusal extends Error {
  constructor(code, message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = 'Refusal';
    this.code = code;
    this.exitCode = exitCode;
  }
}
