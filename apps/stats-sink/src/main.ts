import { startService } from '@reviews/platform';
import { statsSinkConfig } from './config.js';
import { StatsSinkModule } from './stats-sink.module.js';

await startService({ service: 'stats-sink', readConfig: statsSinkConfig, module: StatsSinkModule });
