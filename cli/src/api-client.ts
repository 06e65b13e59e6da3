import { CliError } from './cli-error.js';

const TIMEOUT_MS = 15_000;

/** An answer of the API, whatever its status. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * One call of the API.
 *
 * @param path below the base URL, encoded
 * @throws CliError when nobody answers
 */
export const callApi = async (
  url: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<ApiAnswer> => {
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: parseBody(await response.text()) };
  } catch (cause) {
    throw new CliError(`${url} does not answer: is the stack running?`, { cause });
  }
};

/** What a problem says, or its status when it says nothing. */
export const problemText = ({ status, body }: ApiAnswer): string =>
  typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string'
    ? body.detail
    : `status ${status}`;

/** JSON, or the text itself: a proxy answers otherwise, or another program on this port. */
export const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
