import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServiceLogger } from '../logging/service-logger.js';
import { badRequest, ProblemError } from './problem-error.js';
import { replyWith, type ProblemReply } from './problem-reply.js';
import { problemOf, type Problem } from './problem.js';

/** Answers every error as a problem. Only our own faults are logged: what clients do wrong is traffic. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: ServiceLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<ProblemReply>();
    if (error instanceof ProblemError) {
      for (const [name, value] of Object.entries(error.headers)) reply.header(name, value);
    }
    const problem = toProblem(error);
    if (problem.status === 500) {
      this.logger.error({ err: error, requestId: reply.request.id }, 'Request failed');
    }
    replyWith(reply, problem);
  }
}

const toProblem = (error: unknown): Problem => {
  if (error instanceof ProblemError) return error.problem;
  if (!(error instanceof HttpException)) {
    return problemOf(500, 'Something went wrong on our side; it is in the log.');
  }
  // All the framework itself finds wrong with a request of ours is its body.
  return error.getStatus() === 400
    ? badRequest([{ field: 'body', reason: `body cannot be read: ${error.message}` }]).problem
    : problemOf(error.getStatus(), error.message);
};
