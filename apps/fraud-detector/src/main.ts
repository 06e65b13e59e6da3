import 'reflect-metadata';
import { startService, StreamServiceModule } from '@reviews/platform';
import { fraudDetectorConfig } from './config.js';
import { fraudDetector } from './fraud-detector.service.js';

await startService({
  service: 'fraud-detector',
  readConfig: fraudDetectorConfig,
  module: StreamServiceModule.of(fraudDetector),
});
