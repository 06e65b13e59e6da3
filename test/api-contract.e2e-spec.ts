import { contractSuite } from './contract/contract-suite.js';

await contractSuite({ prefix: 'contract-', maxExamples: 25, minRequests: 500, limitMs: 120_000 });
