import { contractSuite } from './contract/contract-suite.js';

await contractSuite({ prefix: 'contract-', maxExamples: 40, minRequests: 500, limitMs: 120_000 });
