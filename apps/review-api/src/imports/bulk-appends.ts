import { asStreamsError, type BulkAccepted, type BulkOutcome } from '@reviews/streams';

/** Bulk appends of one import: what has become of them so far. */
export interface BulkAppends {
  /** Waits until these are taken in, and counts what becomes of them. */
  follow(accepting: Promise<BulkAccepted>): Promise<void>;
  /** Resolves when everything that was taken in has an outcome. */
  drained(): Promise<void>;
  readonly outcome: BulkOutcome;
}

export const bulkAppends = (): BulkAppends => {
  const sum: { -readonly [Field in keyof BulkOutcome]: BulkOutcome[Field] } = {
    appended: 0,
    failure: undefined,
  };
  const open = new Set<Promise<void>>();

  const count = async ({ outcome }: BulkAccepted): Promise<void> => {
    const { appended, failure } = await outcome;
    sum.appended += appended;
    sum.failure ??= failure;
  };

  return {
    async follow(accepting) {
      try {
        const counting = count(await accepting);
        open.add(counting);
        // Handed over: the sum holds what became of it.
        void counting.then(() => open.delete(counting));
      } catch (error) {
        sum.failure ??= asStreamsError(error, 'Import');
      }
    },
    drained: async () => {
      await Promise.all(open);
    },
    outcome: sum,
  };
};
