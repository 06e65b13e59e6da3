import { contractSuite } from './contract/contract-suite.js';

await contractSuite({ prefix: 'contract-long-', maxExamples: 1_000, minRequests: 5_000, limitMs: 1_800_000 });
