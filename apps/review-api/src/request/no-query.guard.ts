import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuseQuery, type QueriedRequest } from './refuse-query.js';

/** Where `@ApiQuery` and its like keep what they say; the package does not export the name. */
const DOCUMENTED_PARAMETERS = 'swagger/apiParameters';
const API = '/v1/';

/** Refuses the parameters of a query on routes of the API that are documented to have none; the others check theirs. */
@Injectable()
export class NoQueryGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<QueriedRequest>();
    if (request.url.startsWith(API) && !this.hasQuery(context)) refuseQuery(request);
    return true;
  }

  private hasQuery(context: ExecutionContext): boolean {
    const parameters = this.reflector.get<readonly { in?: string }[] | undefined>(
      DOCUMENTED_PARAMETERS,
      context.getHandler(),
    );
    return parameters?.some((parameter) => parameter.in === 'query') ?? false;
  }
}
