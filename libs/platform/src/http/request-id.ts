import { randomUUID } from 'node:crypto';

/** Where clients name a request, and where they find its name in the answer. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What goes into logs unchanged: no space, no quote, nothing that could end a line. */
export const REQUEST_ID_PATTERN = /^[A-Za-z0-9._~:=+/-]{1,128}$/;

/** The client's name for a request, if it is well-formed; else a new one. */
export const requestIdOf = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' && REQUEST_ID_PATTERN.test(header) ? header : randomUUID();
