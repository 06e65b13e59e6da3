import { ReadModelError, type OldTables, type TablesBeside } from '@reviews/read-model';

/** The sink waits meanwhile, 30 seconds at most. */
const MAX_LOCKED_MS = 10_000;
const ATTEMPTS = 5;

/** How the switch went. */
export interface Switched {
  /** The schema of the old tables. */
  readonly replaced: string;
  /** For how long nothing could be stored. */
  readonly lockedMs: number;
}

/**
 * Switches when what is left to be stored is little: catches up before the tables in use are locked, and once more then.
 * Gives the lock back when that takes too long, and tries again.
 *
 * @param catchUp stores what there is, until the signal says no
 */
export const switchWhenClose = async (
  tables: Pick<TablesBeside, 'switchOver'>,
  old: OldTables,
  catchUp: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<Switched> => {
  for (let attempt = 1; ; attempt++) {
    await catchUp(signal);
    signal.throwIfAborted();
    const limit = AbortSignal.timeout(MAX_LOCKED_MS);
    let lockedAtMs = 0;
    try {
      const replaced = await tables.switchOver(old, () => {
        lockedAtMs = performance.now();
        return catchUp(AbortSignal.any([signal, limit]));
      });
      return { replaced, lockedMs: performance.now() - lockedAtMs };
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === ATTEMPTS || !(limit.aborted || isPassing(error))) throw error;
    }
  }
};

const isPassing = (error: unknown): boolean =>
  error instanceof ReadModelError && error.code === 'REBUILD_BEHIND';
