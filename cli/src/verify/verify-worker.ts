import { parentPort, workerData } from 'node:worker_threads';
import { CliError } from '../cli-error.js';
import { rethrowLogErrorsForPeople } from './rethrow-log-errors-for-people.js';
import { openVerifyLog, VERIFIED_TOPICS } from './verify-log.js';
import { verifyPartitions } from './verify-partitions.js';
import type { WorkerMessage, WorkerRequest } from './verify-in-threads.js';

const { target, requests, limit } = workerData as WorkerRequest;
const say = (message: WorkerMessage): void => {
  parentPort?.postMessage(message);
};

try {
  const log = await openVerifyLog(target, 'verify', VERIFIED_TOPICS).catch(rethrowLogErrorsForPeople);
  try {
    const found = await verifyPartitions(log, requests, limit, (count) => {
      say({ kind: 'facts', count });
    }).catch(rethrowLogErrorsForPeople);
    say({ kind: 'found', found });
  } finally {
    await log.close();
  }
} catch (error) {
  // Its class would not survive the way to the other thread.
  if (!(error instanceof CliError)) throw error;
  say({ kind: 'failed', message: error.message });
}
