import { PROBLEM_MEDIA_TYPE, type Problem, type SentProblem } from './problem.js';

/** The part of Fastify's reply that problems need. */
export interface ProblemReply {
  readonly request: { readonly id: string };
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  type(mediaType: string): unknown;
  send(body: string): unknown;
}

export const replyWith = (reply: ProblemReply, problem: Problem): void => {
  const sent: SentProblem = { ...problem, requestId: reply.request.id };
  reply.code(problem.status);
  reply.type(PROBLEM_MEDIA_TYPE);
  reply.send(JSON.stringify(sent));
};
