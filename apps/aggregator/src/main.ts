import 'reflect-metadata';
import { serviceConfig, startService, StreamServiceModule } from '@reviews/platform';
import { aggregator } from './aggregator.service.js';

const DEFAULT_PORT = 3002;

await startService({
  service: 'aggregator',
  readConfig: (env) => serviceConfig(env, DEFAULT_PORT),
  module: StreamServiceModule.of(aggregator),
});
