import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { completeDocument } from './complete-document.js';
import type { ApiDocument } from './document.js';
import { SCHEMAS } from './schemas.js';

const DESCRIPTION = `Takes course reviews and answers statistics that are exact, all the time.

- Every error is a problem (RFC 9457) with one entry per bad field, 32 at most. An address there is nothing at is 404, a method it does not have 405 with \`Allow\`; what is no HTTP at all is 400, 408 or 431.
- Parameters and properties that are not known are refused, and so are parameters given twice.
- Reads have an \`ETag\`, and are compressed with br or gzip where that is worth it. Bodies of requests must not be compressed.
- HEAD answers as GET does, without the body.`;

/** Describes all routes of an application at `/openapi.json`, and for people at `/docs`. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Course Reviews')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addTag('reviews', 'What learners write')
    .addTag('statistics', 'What it adds up to, course by course')
    .addTag('courses', 'All courses')
    .addTag('imports', 'Whole files of reviews')
    .addTag('operation', 'For those who run the service')
    .build();
  const routes = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
  });
  // The package's own type of the document is wider than what it makes.
  const described = completeDocument(routes as unknown as ApiDocument) as unknown as OpenAPIObject;
  const document = { ...described, components: { ...described.components, schemas: SCHEMAS } };
  SwaggerModule.setup('docs', app, document, {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
  });
};
