import pRetry, { AbortError } from 'p-retry';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const REQUEST_TIMEOUT_MS = 5_000;
/**
 * Refusals that pass: an id another process has just registered can be missing for a moment (404), and a registry may be slow
 * or busy (408, 429).
 */
const PASSING: ReadonlySet<number> = new Set([404, 408, 429]);
/**
 * Of two that set the rule of a new registry in the same moment, one is told that there is a rule already (409): its next try
 * changes that one. A schema with this answer is incompatible, and stays so.
 */
const PASSING_FOR_A_RULE: ReadonlySet<number> = new Set([...PASSING, 409]);

/** The registry refused or could not be reached. Whoever waits for it may try again when `retriable`. */
export class SchemaRegistryError extends Error {
  readonly code: 'REGISTRY_UNAVAILABLE' | 'REGISTRY_REFUSED';
  readonly retriable: boolean;
  constructor(code: SchemaRegistryError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SchemaRegistryError';
    this.code = code;
    this.retriable = code === 'REGISTRY_UNAVAILABLE';
  }
}

/** The three calls of a Confluent-compatible schema registry this product needs. Ids never change: cached for ever. */
export interface SchemaRegistry {
  /** Refuses incompatible versions from now on, for all subjects. */
  setCompatibility(level: 'FULL_TRANSITIVE'): Promise<void>;
  /** Registers a schema under a subject (or finds it there) and returns its id. */
  register(subject: string, schemaText: string): Promise<number>;
  /** Text of the schema with this id. */
  schemaById(id: number): Promise<string>;
  /** Resolves when the registry answers. */
  ping(): Promise<void>;
}

/**
 * @param url base URL, with the `/apis/ccompat/v7` path where the registry has one
 * @param retries further attempts at a call that found the registry unavailable (exponential back-off from 0.2 s)
 */
export const schemaRegistryAt = (url: string, retries = 5): SchemaRegistry => {
  const schemas = new Map<number, Promise<string>>();
  const base = url.replace(/\/+$/, '');

  const call = (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
    passing = PASSING,
  ): Promise<unknown> =>
    pRetry(() => callOnce(`${base}${path}`, method, body, passing), {
      retries,
      minTimeout: 200,
      maxTimeout: 2_000,
    });

  return {
    async setCompatibility(level) {
      await call('PUT', '/config', { compatibility: level }, PASSING_FOR_A_RULE);
    },
    async register(subject, schemaText) {
      const answer = await call('POST', `/subjects/${encodeURIComponent(subject)}/versions`, {
        schema: schemaText,
      });
      return (answer as { id: number }).id;
    },
    schemaById(id) {
      const known = schemas.get(id);
      if (known !== undefined) return known;
      const fetched = call('GET', `/schemas/ids/${id}`).then(
        (answer) => (answer as { schema: string }).schema,
      );
      schemas.set(id, fetched);
      // A failed lookup must not be remembered: the registry may come back, the id may be registered late.
      fetched.catch(() => schemas.delete(id));
      return fetched;
    },
    async ping() {
      await callOnce(`${base}/subjects`, 'GET');
    },
  };
};

const callOnce = async (url: string, method: string, body?: object, passing = PASSING): Promise<unknown> => {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { 'content-type': MEDIA_TYPE, accept: `${MEDIA_TYPE}, application/json` },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (cause) {
    throw new SchemaRegistryError(
      'REGISTRY_UNAVAILABLE',
      `Schema registry does not answer ${method} ${url}`,
      {
        cause,
      },
    );
  }
  if (response.ok) return JSON.parse(text);
  const message = `Schema registry answered ${response.status} to ${method} ${url}: ${text.slice(0, 500)}`;
  if (response.status >= 500 || passing.has(response.status))
    throw new SchemaRegistryError('REGISTRY_UNAVAILABLE', message);
  throw new AbortError(new SchemaRegistryError('REGISTRY_REFUSED', message));
};
