import { eventually } from '../../support/eventually.js';
import { isCommit } from '../client-faults.js';
import { untilDone } from '../waiting.js';
import type { World } from '../world.js';

const FINDING_OUT_MS = 5_000;

/** Loses a commit or its answer until the service, which did not know, has found out what became of it. */
export const unknownCommit = async (
  { fleet, faults }: World,
  fate: 'cut request' | 'cut response',
): Promise<void> => {
  const found = fate === 'cut request' ? 'outcome-resolved aborted' : 'outcome-resolved committed';
  const before = fleet.count(found);
  const check = (): Promise<boolean> => {
    if (fleet.count(found) === before) throw new Error('Nobody has found out');
    return Promise.resolve(true);
  };
  await untilDone(
    async () =>
      (await faults.atNext(isCommit, () => fate)) &&
      // Whoever loses the partition meanwhile does not care any more.
      (await eventually(check, FINDING_OUT_MS).catch(() => false)),
  );
};
