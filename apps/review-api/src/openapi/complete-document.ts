import { PROBLEM_MEDIA_TYPE, REQUEST_ID_PATTERN } from '@reviews/platform';
import {
  mapOperations,
  mapValues,
  type ApiDocument,
  type Content,
  type Operation,
  type Response,
} from './document.js';
import { EXAMPLES, PROBLEM_EXAMPLES } from './examples.js';
import { ROUTES } from './routes.js';
import type { SchemaName } from './schemas.js';

const JSON_MEDIA_TYPE = 'application/json';

const REQUEST_ID = {
  'X-Request-Id': {
    required: true,
    description:
      "The client's name for the request if it gave a well-formed one in this header, else a new one",
    schema: { type: 'string', pattern: REQUEST_ID_PATTERN.source },
  },
};
const CACHING = {
  ETag: {
    required: true,
    description: 'Give it to If-None-Match: what has not changed since is answered 304, without a body',
    schema: { type: 'string', pattern: '^W/".+"$' },
  },
  'Cache-Control': { required: true, schema: { const: 'no-cache' } },
  Vary: { required: true, schema: { type: 'string' } },
};
const NOT_MODIFIED: Response = {
  description: 'If-None-Match names the ETag of what would be answered',
  headers: { ...REQUEST_ID, ...CACHING },
};

/** Adds what holds for every route: headers, conditional reads, an example of everything. */
export const completeDocument = <Document extends ApiDocument>(document: Document): Document =>
  mapOperations(document, (operation, method, path) => {
    const known = ROUTES[`${method.toUpperCase()} ${path}`];
    const responses = { ...operation.responses, ...known?.responses };
    const whole: Operation = { ...operation, ...known, responses };
    const isRead = method === 'get' && whole.responses['200']?.content?.[JSON_MEDIA_TYPE] !== undefined;
    const isCached = isRead && path.startsWith('/v1/');
    return {
      ...whole,
      ...(whole.requestBody !== undefined && {
        requestBody: { ...whole.requestBody, content: withExamples(whole.requestBody.content, '') },
      }),
      responses: {
        ...mapValues(whole.responses, (response, status) =>
          completeResponse(response, status, isCached && status === '200' ? CACHING : {}),
        ),
        ...(isCached && { 304: NOT_MODIFIED }),
      },
    };
  });

const completeResponse = (
  response: Response,
  status: string,
  headers: Readonly<Record<string, object>>,
): Response => ({
  ...response,
  headers: { ...REQUEST_ID, ...headers, ...response.headers },
  ...(response.content !== undefined && { content: withExamples(response.content, status) }),
});

const withExamples = (content: Content, status: string): Content =>
  mapValues(content, (media, mediaType) => {
    const example =
      mediaType === PROBLEM_MEDIA_TYPE ? PROBLEM_EXAMPLES[Number(status)] : EXAMPLES[nameIn(media.schema)];
    return example === undefined || media.example !== undefined ? media : { ...media, example };
  });

// A name that is none has no example either.
const nameIn = (schema: object | undefined): SchemaName =>
  (schema !== undefined && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : '') as SchemaName;
