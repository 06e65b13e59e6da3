import { startService } from '@reviews/platform';
import { reviewApiConfig } from './config.js';
import { connections } from './connections.js';
import { prepareApi } from './prepare-api.js';
import { ReviewApiModule } from './review-api.module.js';

await startService({
  service: 'review-api',
  readConfig: reviewApiConfig,
  module: ReviewApiModule.on(connections),
  prepare: prepareApi,
});
