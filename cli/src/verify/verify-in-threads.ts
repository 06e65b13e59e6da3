import { Worker } from 'node:worker_threads';
import { CliError } from '../cli-error.js';
import type { Target } from '../target/target.js';
import type { PartitionRequest, PartitionsFound } from './verify-partitions.js';

/** What a worker is to do. Plain data: it crosses threads. */
export interface WorkerRequest {
  readonly target: Target;
  readonly requests: readonly PartitionRequest[];
  readonly limit: number;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly kind: 'facts'; readonly count: number }
  | { readonly kind: 'found'; readonly found: PartitionsFound }
  /** For people; anything else that goes wrong ends the worker with its error. */
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Verifies partitions in threads of their own: they have nothing to do with each other.
 *
 * @param threads at most so many
 * @throws CliError when Kafka or the registry cannot do it
 */
export const verifyInThreads = async (
  { target, requests, limit }: WorkerRequest,
  threads: number,
  onFacts: (count: number) => void,
): Promise<readonly PartitionsFound[]> => {
  const workers: Worker[] = [];
  const shares = sharesOf(requests, threads);
  try {
    return await Promise.all(
      shares.map((share) => {
        const worker = new Worker(new URL('verify-worker.js', import.meta.url), {
          workerData: { target, requests: share, limit } satisfies WorkerRequest,
        });
        workers.push(worker);
        return foundBy(worker, onFacts);
      }),
    );
  } finally {
    // Those that are done have ended; the others have lost their purpose with the first that failed.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};

const sharesOf = (
  requests: readonly PartitionRequest[],
  threads: number,
): readonly (readonly PartitionRequest[])[] =>
  Array.from({ length: Math.min(threads, requests.length) }, (_, thread) =>
    requests.filter((_request, index) => index % threads === thread),
  );

const foundBy = (worker: Worker, onFacts: (count: number) => void): Promise<PartitionsFound> =>
  new Promise((resolve, reject) => {
    let found: PartitionsFound | undefined;
    worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'facts':
          onFacts(message.count);
          return;
        case 'found':
          ({ found } = message);
          return;
        case 'failed':
          reject(new CliError(message.message));
      }
    });
    worker.once('error', reject);
    // Not before: its reader has still to leave its group.
    worker.once('exit', (code) => {
      if (found === undefined) reject(new Error(`A verifying thread ended with ${code}`));
      else resolve(found);
    });
  });
