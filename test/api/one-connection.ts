import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

const PATIENCE_MS = 60_000;
const REPEAT_AFTER_MS = 100;

/** A request that may be sent again. */
export interface RepeatableRequest {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** How often the request was sent until it was answered. */
  readonly attempts: number;
}

/** A client with one connection. */
export interface OneConnection {
  /** Sends until there is an answer that settles it: what was cut off, and 503, is repeated as it was. */
  send(sent: RepeatableRequest, isSettled?: (answer: Answer) => boolean): Promise<Answer>;
  close(): void;
}

export const oneConnection = (url: string): OneConnection => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const attempt = async ({ method, path, headers, body }: RepeatableRequest): Promise<Answer> => {
    const length = method === 'DELETE' ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request(url + path, { method, agent, headers: { ...headers, ...length } });
    const answered = once(sent, 'response');
    sent.end(body);
    const [response] = (await answered) as [IncomingMessage];
    return { status: response.statusCode ?? 0, text: await textOf(response), attempts: 1 };
  };

  return {
    async send(sent, isSettled = ({ status }) => status !== 503) {
      const deadlineMs = performance.now() + PATIENCE_MS;
      for (let attempts = 1; ; attempts++) {
        try {
          const answer = { ...(await attempt(sent)), attempts };
          if (isSettled(answer)) return answer;
        } catch (error) {
          if (performance.now() > deadlineMs) throw error;
        }
        if (performance.now() > deadlineMs) throw new Error(`No answer to ${sent.method} ${sent.path}`);
        await new Promise((later) => setTimeout(later, REPEAT_AFTER_MS));
      }
    },
    close() {
      agent.destroy();
    },
  };
};
