import { contractSuite } from './contract/contract-suite.js';

await contractSuite({ prefix: 'contract-long-', maxExamples: 600, minRequests: 5_000, limitMs: 1_800_000 });
