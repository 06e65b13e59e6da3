import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { SCHEMAS } from './schemas.js';

/** Describes all routes of an application at `/openapi.json`, and for people at `/docs`. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Course Reviews')
    .setDescription('Takes course reviews and answers statistics that are exact, all the time.')
    .setVersion('1')
    .build();
  const routes = SwaggerModule.createDocument(app, config);
  const document = { ...routes, components: { ...routes.components, schemas: SCHEMAS } };
  SwaggerModule.setup('docs', app, document, { raw: ['json'], jsonDocumentUrl: 'openapi.json' });
};
