import { ApiResponse } from '@nestjs/swagger';
import { schemaRef, type SchemaName } from './schemas.js';

/** Documents what a route answers when all is well. */
export const ApiAnswer = (status: number, schema: SchemaName, description: string): MethodDecorator =>
  ApiResponse({ status, description, schema: schemaRef(schema) });
