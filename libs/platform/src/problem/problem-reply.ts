import { PROBLEM_MEDIA_TYPE, type Problem } from './problem.js';

/** The part of Fastify's reply that problems need. */
export interface ProblemReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  type(mediaType: string): unknown;
  send(body: string): unknown;
}

export const replyWith = (reply: ProblemReply, problem: Problem): void => {
  reply.code(problem.status);
  reply.type(PROBLEM_MEDIA_TYPE);
  reply.send(JSON.stringify(problem));
};
