import { eventually } from '../../support/eventually.js';
import { PARTITIONS } from '../topics.js';
import { PATIENCE_MS } from '../waiting.js';
import type { World } from '../world.js';

const MUTUAL_FENCINGS = 4;

/** A process of another group takes everything over, whose tasks the first group's members still own. */
export const secondOwner = async ({ fleet, applicationId, done }: World): Promise<void> => {
  await fleet.running();
  const otherGroup = otherGroupOf(applicationId);
  const countOf = (what: string, groupId?: string): (() => number) => {
    const before = fleet.count(what, groupId);
    return () => fleet.count(what, groupId) - before;
  };
  const restored = countOf('restored whole', otherGroup);
  const second = countOf('committed', otherGroup);
  fleet.start(otherGroup);
  await eventually(() => {
    if (restored() < PARTITIONS) throw new Error('The second owner has not restored everything');
    return Promise.resolve();
  }, PATIENCE_MS);
  const [fencings, first] = [countOf('aborted FENCED'), countOf('committed', applicationId)];
  await eventually(() => {
    if (second() === 0) throw new Error('The second owner committed nothing');
    if (first() === 0) throw new Error('The first owners committed nothing');
    if (fencings() < MUTUAL_FENCINGS) throw new Error('Nobody was fenced');
    return Promise.resolve();
  }, PATIENCE_MS);
  done.mutualFencings += fencings();
  await fleet.stop(otherGroup);
  await fleet.running();
};

const otherGroupOf = (applicationId: string): string => `${applicationId.slice(0, -1)}!`;
