import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { submitDirectly } from './commands/submit-directly.js';
import { serveOpenApi } from './openapi/serve-open-api.js';

/** Last touches before routes are made. */
export const prepareApi = (app: NestFastifyApplication): void => {
  serveOpenApi(app);
  submitDirectly(app);
};
