import { systemClock } from '../clock.js';
import type { WireRequest } from './api.js';
import type { Cluster } from './cluster.js';
import type { CoordinatorKind } from './requests/find-coordinator.js';
import { retried, type RetryPolicy } from './retried.js';
import { ConnectionError, ProtocolError } from './wire-error.js';

/**
 * Pauses of three seconds in all. The first pause is short: what a transaction waits for most often is the markers of the one
 * before (CONCURRENT_TRANSACTIONS), and they take a few milliseconds.
 */
const PATIENCE: RetryPolicy = { attempts: 16, firstPauseMs: 2, factor: 1.6, maxPauseMs: 1_000 };

/** Coordinator loading, not available, moved; and markers of the transaction before that are not written yet. */
export const COORDINATOR_CODES: ReadonlySet<number> = new Set([14, 15, 16, 51]);

/** Asks a coordinator, wherever it is now, and again while it cannot answer or cannot be reached. */
export const askCoordinator = <T>(
  cluster: Cluster,
  kind: CoordinatorKind,
  id: string,
  request: WireRequest<T>,
): Promise<T> =>
  patiently(cluster, COORDINATOR_CODES, async () => {
    const connection = await cluster.connectionTo(await cluster.coordinatorOf(kind, id));
    return connection.request(request);
  });

/** Asks again after an error that another try may cure: a connection that broke, or a code of these. */
export const patiently = <T>(
  cluster: Cluster,
  codes: ReadonlySet<number>,
  work: () => Promise<T>,
): Promise<T> =>
  retried(PATIENCE, systemClock, work, (error) => {
    if (cluster.isClosed) return false;
    if (!(error instanceof ConnectionError || (error instanceof ProtocolError && codes.has(error.code))))
      return false;
    cluster.forget();
    return true;
  });
