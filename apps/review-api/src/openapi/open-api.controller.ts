import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Leads people who open the address to the description of the API. */
@ApiExcludeController()
@Controller()
export class OpenApiController {
  @Get()
  @Redirect('/docs', 302)
  index(): undefined {
    return undefined;
  }
}
